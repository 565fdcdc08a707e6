/**
 * How far a device's data is behind: the largest `received - time` of its samples in the last 24
 * hours of gateway time, kept as hourly maxima.
 *
 * The memory is long on purpose. A logger that uploads every two hours shows its lag once in two
 * hours; samples move a device's clock by themselves, so a lag too large costs little.
 *
 * Invariant: entries are ordered by hour and their lags fall, so the first is the largest.
 */

const hourMs = 3_600_000;
const memoryHours = 24;

/** Hour of gateway time since 1970, and the largest lag seen in it. */
export type LagEntry = readonly [hour: number, lagMs: number];

export class LagMemory {
  #entries: LagEntry[];
  /** Of the entries, for samples that change nothing: most do not. */
  #lagMs = 0;
  #firstHour = 0;
  #lastHour = 0;
  #lastLagMs = 0;

  constructor(entries: readonly LagEntry[] = []) {
    this.#entries = [...entries];
    this.#look();
  }

  /** A copy: what a new memory can be made from. */
  get entries(): readonly LagEntry[] {
    return [...this.#entries];
  }

  /** The largest lag remembered; 0 for a device that never sent. Negative for a clock that is fast. */
  get lagMs(): number {
    return this.#lagMs;
  }

  record(receivedMs: number, lagMs: number): void {
    const hour = Math.floor(receivedMs / hourMs);
    if (hour === this.#lastHour && lagMs <= this.#lastLagMs) return;
    while ((this.#entries.at(-1)?.[1] ?? Number.POSITIVE_INFINITY) <= lagMs) this.#entries.pop();
    this.#entries.push([hour, lagMs]);
    this.#look();
  }

  /** Forgets what is older than a day at gateway time `tMs`; what was learned last stays. */
  forgetBefore(tMs: number): void {
    const oldestHour = Math.floor(tMs / hourMs) - memoryHours;
    if (this.#firstHour >= oldestHour) return;
    while (this.#entries.length > 1 && (this.#entries[0]?.[0] ?? oldestHour) < oldestHour)
      this.#entries.shift();
    this.#look();
  }

  #look(): void {
    const first = this.#entries[0];
    const last = this.#entries.at(-1);
    this.#lagMs = first?.[1] ?? 0;
    this.#firstHour = first?.[0] ?? Number.POSITIVE_INFINITY;
    this.#lastHour = last?.[0] ?? Number.NaN;
    this.#lastLagMs = last?.[1] ?? 0;
  }
}
