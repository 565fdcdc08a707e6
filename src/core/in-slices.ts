import type { Clock } from "./clock.ts";

/** Short beside what anybody notices, long beside a turn of the event loop. */
const sliceMs = 5;

/** Does work that may be left between any two steps, and gives everything else its turn in between. */
export async function inSlices<T>(work: Generator<unknown, T>, clock: Clock): Promise<T> {
  for (;;) {
    const untilMs = clock.monotonicMs() + sliceMs;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (clock.monotonicMs() < untilMs);
    await new Promise(setImmediate);
  }
}
