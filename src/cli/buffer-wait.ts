/** `sluicegate buffer wait-drained` and `sluicegate drain`: for scripts that switch a box off. */

import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { durationHintFor, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { askRole, readStatus } from "../telemetry/status-client.ts";
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
  await waitDrained(await socketOf(options), limitMs);
}

/**
 * Tells the gateway to take nothing more from devices, then waits as `wait-drained` does. It goes on
 * running, so that what is left goes out while somebody decides.
 */
export async function runDrain(options: WaitOptions): Promise<void> {
  const limitMs = limitOf(options.timeout);
  const socket = await socketOf(options);
  await askRole(socket, "drain", {});
  process.stderr.write("nothing more is taken from devices\n");
  if (await waitDrained(socket, limitMs)) return;
  process.stderr.write(
    "they are safe on disk and go out at the next start; stop the gateway now, or wait on with " +
      "`sluicegate buffer wait-drained`\n",
  );
}

/** False, and exit 7, when the time was over first. */
async function waitDrained(socket: string, limitMs: number): Promise<boolean> {
  const until = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const waiting = gatewayStatusOf(await readStatus(socket))?.buffer.waitingRecords;
    if (waiting === undefined)
      throw new GatewayError("status.unreachable", `the process at ${socket} runs no gateway`);
    if (waiting === 0) {
      process.stdout.write("drained: the backbone has everything\n");
      return true;
    }
    if (systemClock.monotonicMs() >= until) {
      process.stderr.write(`not drained: ${waiting} records still wait\n`);
      process.exitCode = timedOutStatus;
      return false;
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
