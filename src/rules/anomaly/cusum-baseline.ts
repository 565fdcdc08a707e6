import { type Baseline, bounded, type Judgment, type Resolution, scaleOf } from "./baseline.ts";
import { Moments } from "./moments.ts";

/**
 * Cumulative sums of what values are above and below the mean, in deviations and beyond `slack`: they
 * find a small shift that lasts. Mean and deviation are those of the warm-up, for a baseline that
 * learned on would follow the drift. The sums end at twice the limit: else an alert would last as long
 * again as the fault did.
 */
export class CusumBaseline implements Baseline {
  readonly #slack: number;
  readonly #most: number;
  #usual: Moments;
  #above = 0;
  #below = 0;
  #isJudging: boolean;

  constructor(slack: number, limit: number, saved: readonly number[] = []) {
    const [count, mean, squares, above, below] = saved;
    this.#slack = slack;
    this.#most = 2 * limit;
    this.#usual = new Moments(count, mean, squares);
    this.#above = above ?? 0;
    this.#below = below ?? 0;
    this.#isJudging = above !== undefined;
  }

  learn(value: number): void {
    if (!this.#isJudging) this.#usual.add(value);
  }

  judge(value: number, finest: Resolution): Judgment | undefined {
    const { count, deviation, mean } = this.#usual;
    const scale = scaleOf(deviation, mean, finest);
    if (count === 0 || scale === undefined) return undefined;
    this.#isJudging = true;
    const off = Math.sign(value - mean) * bounded((value - mean) / scale);
    this.#above = Math.min(this.#most, Math.max(0, this.#above + off - this.#slack));
    this.#below = Math.min(this.#most, Math.max(0, this.#below - off - this.#slack));
    return { expected: mean, score: Math.max(this.#above, this.#below) };
  }

  forget(): void {
    this.#usual = new Moments();
    this.#above = 0;
    this.#below = 0;
    this.#isJudging = false;
  }

  toState(): readonly number[] {
    const { count, mean, squares } = this.#usual;
    return [count, mean, squares, ...(this.#isJudging ? [this.#above, this.#below] : [])];
  }
}
