/** `sluicegate trace <id>`: when an event was where, and how long it took from one place to the next. */
import { findWay } from "../app/way-desk.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import type { Asked } from "../core/question.ts";
import { type AskOptions, askGateway } from "./ask-gateway.ts";
import { atPastDesk } from "./at-past-desk.ts";
import { answerText } from "./print-answer.ts";
import { printInTime } from "./print-in-time.ts";
import type { ServerOptions } from "./servers-of.ts";
import { wayLines } from "./way-text.ts";

export interface TraceOptions extends ServerOptions, AskOptions {
  readonly output: "text" | "json";
}

/** Asks the backbone, and the gateway of this machine for what only its log knows. */
export async function traceEvent(id: string, options: TraceOptions): Promise<void> {
  await atPastDesk(options, "sluicegate-trace", async (desk) => {
    const ask = async (asked: Asked): Promise<object> =>
      askGateway("logged", options, asked).catch(() => ({}));
    const way = await findWay(id, { connected: () => desk.connected(), askGateway: ask });
    if (!way)
      throw new GatewayError(
        "not-found",
        `neither a stream nor a gateway here holds anything of the id ${id}; sluicegate events lists ids`,
      );
    if (options.output === "json") return printInTime(answerText("way/1", way));
    for (const line of wayLines(way)) await printInTime(printable(line));
  });
}
