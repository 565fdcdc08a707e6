/**
 * How long a value counts between samples: as the rule says, else by how often its device reports
 * the metric.
 */

/** Where the rule does not say: three intervals, and never less than this. */
const shortestHoldMs = 30_000;

export class HoldTime {
  readonly #ruleMs: number | undefined;
  #declaredMs: number | undefined;
  #observedMs: number | undefined;

  /** `ruleMs` is the rule's own `hold`; `declaredMs` the interval that the profile names. */
  constructor(ruleMs: number | undefined, declaredMs: number | undefined) {
    this.#ruleMs = ruleMs;
    this.#declaredMs = declaredMs;
  }

  /** How often the profile says that the device reports; undefined where it does not. */
  declare(intervalMs: number | undefined): void {
    this.#declaredMs = intervalMs;
  }

  /** How often the device was seen to send the metric; undefined where nobody knows. */
  observe(intervalMs: number | undefined): void {
    this.#observedMs = intervalMs;
  }

  /**
   * How long `value` counts. What reports on change holds until its device is gone (infinity):
   * texts and truths unless the profile names an interval, and numbers as long as none is known.
   */
  msFor(value: number | boolean | string | undefined): number {
    if (this.#ruleMs !== undefined) return this.#ruleMs;
    const intervalMs =
      this.#declaredMs ?? (typeof value === "number" ? this.#observedMs : undefined);
    const isOnChange = intervalMs === undefined && value !== undefined;
    return isOnChange ? Number.POSITIVE_INFINITY : Math.max(shortestHoldMs, 3 * (intervalMs ?? 0));
  }
}
