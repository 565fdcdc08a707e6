import * as z from "zod";
import { printable } from "../../core/printable.ts";
import { alertLines, isPlainChange } from "../notice-text.ts";
import type { Notice } from "../receiver.ts";
import { receiverKind } from "../receiver-kind.ts";

const logOptions = z.strictObject({
  kind: z.literal("log").describe("Writes one line per transition to standard output."),
  format: z
    .enum(["json", "text"])
    .default("json")
    .describe("A line of JSON for programs, or a sentence for people."),
});

/** Takes everything, a line for each alert. */
export const log = receiverKind(logOptions, async ({ format }, { out }) => ({
  giveUpAfterMs: Number.POSITIVE_INFINITY,
  alone: true,
  async deliver(notice) {
    // Names and values are those that devices gave.
    for (const line of format === "json" ? jsonLines(notice) : alertLines(notice))
      out(printable(line));
    return { kind: "delivered" };
  },
}));

function jsonLines(notice: Notice): readonly string[] {
  const more = isPlainChange(notice) ? {} : { cause: notice.cause };
  return notice.alerts.map(({ transition }) => JSON.stringify({ ...transition, ...more }));
}
