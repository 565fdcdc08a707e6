import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";

const usualLookMs = 20;
/** Only ends what hangs, on the busiest machine, too; below the limit of a test, which tells less. */
const usualLimitMs = 100_000;

/** Resolves with the first value that is not undefined or false; rejects after `limitMs`. */
export async function waitUntil<T>(
  look: () => T | Promise<T>,
  what: string,
  limitMs = usualLimitMs,
  lookEveryMs = usualLookMs,
): Promise<Exclude<T, undefined | false>> {
  const until = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (systemClock.monotonicMs() > until) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(systemClock, lookEveryMs);
  }
}

/** It may go on moving for so long. */
const longestMs = 1_200_000;

/**
 * Like `waitUntil`, for work that takes as long as the machine needs: rejects only when `figure`,
 * which tells how far the work is, has not changed for `stillMs`.
 */
export async function waitWhileMoving(
  look: () => boolean | Promise<boolean>,
  figure: () => unknown,
  what: string,
  stillMs = usualLimitMs,
  lookEveryMs = usualLookMs,
): Promise<void> {
  let last: unknown;
  let movedMs = systemClock.monotonicMs();
  await waitUntil(
    async () => {
      if (await look()) return true;
      const now = await figure();
      if (now !== last) movedMs = systemClock.monotonicMs();
      last = now;
      if (systemClock.monotonicMs() - movedMs > stillMs)
        throw new Error(`nothing moved for ${stillMs} ms at ${String(now)}: ${what}`);
      return false;
    },
    what,
    longestMs,
    lookEveryMs,
  );
}
