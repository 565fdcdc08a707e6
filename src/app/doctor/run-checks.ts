/**
 * Runs checks and tells of each as soon as it can: groups side by side, the checks of a group one after
 * the other, and all of them in the order of their table. What hangs is cut, and holds up its group for
 * no longer than that.
 */
import { setMaxListeners } from "node:events";
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import { type Check, type DoctorSurroundings, NotChecked } from "./check.ts";
import { error, type Finding, skipped } from "./finding.ts";

export interface CheckResult {
  readonly check: Check;
  readonly findings: readonly Finding[];
  readonly tookMs: number;
}

export interface RunLimits {
  readonly clock: Clock;
  /** No check takes longer. */
  readonly capMs: number;
  /** Ends all of them. */
  readonly signal?: AbortSignal | undefined;
}

export async function* runChecks(
  checks: readonly Check[],
  around: Omit<DoctorSurroundings, "signal">,
  limits: RunLimits,
): AsyncGenerator<CheckResult, void, void> {
  // Each check listens for it.
  if (limits.signal) setMaxListeners(0, limits.signal);
  const lastOf = new Map<string, Promise<unknown>>();
  const results = checks.map((check) => {
    const before = lastOf.get(check.group) ?? Promise.resolve();
    const result = before.then(() => runCheck(check, around, limits));
    lastOf.set(check.group, result);
    return result;
  });
  for (const result of results) {
    if (limits.signal?.aborted) return;
    yield await result;
  }
}

async function runCheck(
  check: Check,
  around: Omit<DoctorSurroundings, "signal">,
  { capMs, clock, signal }: RunLimits,
): Promise<CheckResult> {
  const beganMs = clock.monotonicMs();
  const ending = new AbortController();
  const ends = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  const findings = await new Promise<readonly Finding[]>((resolve) => {
    const timer = clock.setTimer(capMs, () => resolve([hung(check, capMs)]));
    const stop = (): void => resolve([skipped("stopped")]);
    signal?.addEventListener("abort", stop, { once: true });
    void tryCheck(check, { ...around, signal: ends })
      .then(resolve)
      .finally(() => {
        timer.cancel();
        signal?.removeEventListener("abort", stop);
      });
  });
  ending.abort();
  return { check, findings, tookMs: clock.monotonicMs() - beganMs };
}

async function tryCheck(check: Check, around: DoctorSurroundings): Promise<readonly Finding[]> {
  try {
    return await check.run(around);
  } catch (thrown) {
    if (thrown instanceof NotChecked) return [skipped(thrown.message)];
    const failure = GatewayError.from(thrown, "internal.bug", `the check ${check.id} failed`);
    return [
      error({
        what: failure.message,
        why: `the question could not be answered (${failure.code})`,
        next: `sluicegate explain ${failure.code}`,
      }),
    ];
  }
}

function hung({ id }: Check, capMs: number): Finding {
  return error({
    what: `no answer within ${capMs / 1_000} s`,
    why: "what it asks hangs: a disk, a driver or a peer that took the question and says nothing",
    next: `give it more time: sluicegate doctor --only ${id} --timeout 30s`,
  });
}
