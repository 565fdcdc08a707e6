/** `sluicegate notify test`: whether a receiver can be told. */
import { tellTestAlert } from "../app/test-alert.ts";
import type { Severity } from "../core/alert.ts";
import { printable } from "../core/printable.ts";
import type { Delivery } from "../notify/receiver.ts";
import { filesHere, siteOf } from "./site.ts";

export interface NotifyTestOptions {
  readonly config: string;
  readonly severity: Severity;
}

/** Exit 1 where it did not take both notices. */
export async function testReceiver(receiver: string, options: NotifyTestOptions): Promise<void> {
  const site = await siteOf(options.config);
  for await (const { delivery, state } of tellTestAlert(
    site,
    filesHere(),
    receiver,
    options.severity,
  )) {
    process.stdout.write(`${printable(`${state} ${describe(delivery)}`)}\n`);
    if (delivery.kind !== "delivered") process.exitCode = 1;
  }
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
