import { type Baseline, bounded, type Judgment, type Resolution, scaleOf } from "./baseline.ts";
import { Moments } from "./moments.ts";

const paneCount = 24;

interface Pane {
  readonly number: number;
  readonly moments: Moments;
}

/**
 * How many deviations a value is off the mean of the last `over` of learned time. That is kept in 24
 * panes and the one that is being filled, each as count, mean and squares: no value is kept.
 */
export class ZscoreBaseline implements Baseline {
  readonly #paneMs: number;
  #panes: Pane[];
  /** Time that counted while it learned. */
  #learnedMs: number;

  constructor(overMs: number, saved: readonly number[] = []) {
    this.#paneMs = overMs / paneCount;
    const [learnedMs = 0, ...numbers] = saved;
    this.#learnedMs = learnedMs;
    this.#panes = [];
    for (let at = 0; at + 3 < numbers.length; at += 4) {
      const [number = 0, count, mean, squares] = numbers.slice(at, at + 4);
      this.#panes.push({ number, moments: new Moments(count, mean, squares) });
    }
  }

  learn(value: number, countedMs: number): void {
    this.#learnedMs += countedMs;
    const number = Math.floor(this.#learnedMs / this.#paneMs);
    if (this.#panes.at(-1)?.number !== number) {
      this.#panes = this.#panes.filter((pane) => pane.number >= number - paneCount);
      this.#panes.push({ number, moments: new Moments() });
    }
    this.#panes.at(-1)?.moments.add(value);
  }

  judge(value: number, finest: Resolution): Judgment | undefined {
    const all = new Moments();
    for (const { moments } of this.#panes) all.join(moments);
    const scale = scaleOf(all.deviation, all.mean, finest);
    if (all.count === 0 || scale === undefined) return undefined;
    return { expected: all.mean, score: bounded((value - all.mean) / scale) };
  }

  forget(): void {
    this.#panes = [];
    this.#learnedMs = 0;
  }

  toState(): readonly number[] {
    const panes = this.#panes.flatMap(({ number, moments: { count, mean, squares } }) => {
      return [number, count, mean, squares];
    });
    return [this.#learnedMs, ...panes];
  }
}
