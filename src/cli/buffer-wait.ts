/** `sluicegate buffer wait-drained`: for scripts that switch a box off. */

import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { durationHintFor, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { readStatus } from "../telemetry/status-client.ts";
import { socketOf } from "./site.ts";

export interface WaitOptions {
  readonly config: string;
  readonly socket?: string;
  readonly timeout?: string;
}

/** The exit status when the time is over. */
const timedOutStatus = 7;
const everyMs = 250;

/** Waits until the backbone has everything; exit 7 when it has not within the timeout. */
export async function runWaitDrained(options: WaitOptions): Promise<void> {
  const limitMs = limitOf(options.timeout);
  const socket = await socketOf(options);
  const until = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const waiting = gatewayStatusOf(await readStatus(socket))?.buffer.waitingRecords;
    if (waiting === undefined)
      throw new GatewayError("status.unreachable", `the process at ${socket} runs no gateway`);
    if (waiting === 0) return void process.stdout.write("drained: the backbone has everything\n");
    if (systemClock.monotonicMs() >= until) {
      process.stderr.write(`not drained: ${waiting} records still wait\n`);
      process.exitCode = timedOutStatus;
      return;
    }
    await sleep(systemClock, everyMs);
  }
}

function limitOf(timeout: string | undefined): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  const limitMs = parseDuration(timeout);
  if (limitMs !== undefined) return limitMs;
  throw new GatewayError(
    "usage",
    `--timeout ${timeout} is not a duration; ${durationHintFor(timeout)}`,
  );
}
