import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";

/** Resolves with the first value that is not undefined or false; rejects after `limitMs`. */
export async function waitUntil<T>(
  look: () => T | Promise<T>,
  what: string,
  limitMs = 30_000,
): Promise<Exclude<T, undefined | false>> {
  const until = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (systemClock.monotonicMs() > until) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(systemClock, 20);
  }
}
