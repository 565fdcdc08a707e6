/** `sluicegate notify test`: whether a receiver can be told. */
import { tellTestAlert } from "../app/test-alert.ts";
import type { Severity } from "../core/alert.ts";
import type { Delivery } from "../notify/receiver.ts";
import { printAnswer } from "./print-answer.ts";
import { printLines } from "./print-table.ts";
import { filesHere, siteOf } from "./site.ts";

export interface NotifyTestOptions {
  readonly config: string;
  readonly severity: Severity;
  readonly output: "text" | "json";
}

/** Exit 1 where it did not take both notices. */
export async function testReceiver(receiver: string, options: NotifyTestOptions): Promise<void> {
  const site = await siteOf(options.config);
  const told = [];
  for await (const { delivery, state } of tellTestAlert(
    site,
    filesHere(),
    receiver,
    options.severity,
  )) {
    if (options.output !== "json") printLines([`${state} ${describe(delivery)}`]);
    told.push({ state, delivered: delivery.kind === "delivered", words: describe(delivery) });
    if (delivery.kind !== "delivered") process.exitCode = 1;
  }
  printAnswer(options, "receiver-test/1", { receiver, told }, () => []);
}

function describe(delivery: Delivery): string {
  if (delivery.kind === "delivered") return "delivered";
  const advice =
    delivery.kind === "refused"
      ? "the same will never be taken"
      : delivery.misconfigured
        ? "look at its address and credentials"
        : "it may be taken later";
  return `not delivered: ${delivery.reason}; ${advice}`;
}
