import { type Baseline, bounded, type Judgment, type Resolution, scaleOf } from "./baseline.ts";
import { Moments } from "./moments.ts";

/**
 * A control chart of the exponentially weighted moving average: how far that is off the mean, in
 * deviations of its own. Mean and deviation go on learning, as if they were those of so many values as
 * there were when judging began.
 */
export class EwmaBaseline implements Baseline {
  readonly #lambda: number;
  #usual: Moments;
  /** The average; undefined before anything was judged. */
  #average: number | undefined;
  /** How many values had been learned then. */
  #most: number;

  constructor(lambda: number, saved: readonly number[] = []) {
    const [count, mean, squares, average, most] = saved;
    this.#lambda = lambda;
    this.#usual = new Moments(count, mean, squares);
    this.#average = average;
    this.#most = most ?? Number.POSITIVE_INFINITY;
  }

  learn(value: number): void {
    this.#usual.add(value, this.#most);
  }

  judge(value: number, finest: Resolution): Judgment | undefined {
    const { count, deviation, mean } = this.#usual;
    const scale = scaleOf(deviation, mean, finest);
    if (count === 0 || scale === undefined) return undefined;
    if (this.#average === undefined) {
      this.#average = mean;
      this.#most = Math.max(2, count);
    }
    this.#average += this.#lambda * (value - this.#average);
    const spread = Math.sqrt(this.#lambda / (2 - this.#lambda));
    return { expected: mean, score: bounded((this.#average - mean) / (scale * spread)) };
  }

  forget(): void {
    this.#usual = new Moments();
    this.#average = undefined;
    this.#most = Number.POSITIVE_INFINITY;
  }

  toState(): readonly number[] {
    const { count, mean, squares } = this.#usual;
    const judged = this.#average === undefined ? [] : [this.#average, this.#most];
    return [count, mean, squares, ...judged];
  }
}
