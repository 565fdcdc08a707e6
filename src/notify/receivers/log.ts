import * as z from "zod";
import { printable } from "../../core/printable.ts";
import type { Notice } from "../receiver.ts";
import { receiverKind } from "../receiver-kind.ts";

const logOptions = z.strictObject({
  kind: z.literal("log").describe("Writes one line per transition to standard output."),
  format: z
    .enum(["json", "text"])
    .default("json")
    .describe("A line of JSON for programs, or a sentence for people."),
});

/** Takes everything. */
export const log = receiverKind(logOptions, async ({ format }, { out }) => ({
  giveUpAfterMs: Number.POSITIVE_INFINITY,
  async deliver(notice) {
    // Names and values are those that devices gave.
    out(printable(format === "json" ? JSON.stringify(notice.transition) : formatNotice(notice)));
    return { kind: "delivered" };
  },
}));

/** `FIRING warning cold_chain/FreezerWarm: Freezer 07 is at -11.4 °C (since …)`. */
function formatNotice({ attempt, lateByReceiver, sentAt, transition }: Notice): string {
  const { annotations, ended_at, fired_at, labels, late, observed_at, rule, severity } = transition;
  const what =
    annotations["summary"] ?? labels["device"] ?? labels["gateway"] ?? transition.instance;
  const when =
    transition.state === "firing"
      ? `since ${transition.started_at}, fired ${fired_at}`
      : `from ${transition.started_at} to ${ended_at}`;
  const notes = [when];
  if (late) notes.push(`late: learned ${observed_at}`);
  if (lateByReceiver) notes.push(`told late: sent ${sentAt}, attempt ${attempt}`);
  if (transition.stale) notes.push("by an old value");
  return `${transition.state.toUpperCase()} ${severity} ${rule}: ${what} (${notes.join("; ")})`;
}
