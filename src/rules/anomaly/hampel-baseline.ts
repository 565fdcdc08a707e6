import { type Baseline, bounded, type Judgment, type Resolution, scaleOf } from "./baseline.ts";

/** Makes the median of what values are off their median a deviation, where they are spread normally. */
const normal = 1.4826;

/** How far a value is off the median of the last so many, in median deviations. Needs no future. */
export class HampelBaseline implements Baseline {
  readonly #count: number;
  readonly #values: number[];

  constructor(count: number, saved: readonly number[] = []) {
    this.#count = count;
    this.#values = [...saved];
  }

  learn(value: number): void {
    this.#values.push(value);
    if (this.#values.length > this.#count) this.#values.shift();
  }

  judge(value: number, finest: Resolution): Judgment | undefined {
    if (this.#values.length === 0) return undefined;
    const expected = medianOf([...this.#values]);
    const deviation = normal * medianOf(this.#values.map((each) => Math.abs(each - expected)));
    const scale = scaleOf(deviation, expected, finest);
    if (scale === undefined) return undefined;
    return { expected, score: bounded((value - expected) / scale) };
  }

  forget(): void {
    this.#values.length = 0;
  }

  toState(): readonly number[] {
    return [...this.#values];
  }
}

/** Puts the values in order. */
function medianOf(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const [low, high] = values.length % 2 === 1 ? [middle, middle] : [middle - 1, middle];
  return ((values[low] ?? 0) + (values[high] ?? 0)) / 2;
}
