/**
 * Who gives up a place when all are taken: the device that was heard longest ago, where that is long
 * enough. What nobody was heard of for a day is most often a name that was changed.
 */
const longMs = 24 * 3_600_000;

/** As much of a device as its place is judged by. */
export interface Placed {
  /** When it was last heard, or met; gateway time. */
  readonly heardMs: number;
}

/** Choosing costs a look at all devices once for many choices; it depends on nothing but them. */
export class LongSilent<Id> {
  /** Heard longest ago last. */
  #candidates: { readonly id: Id; readonly heardMs: number }[] = [];
  /** Before this gateway time a look finds nobody. */
  #lookAgainMs = Number.NEGATIVE_INFINITY;

  /**
   * The one to give up its place to `newcomer` at gateway time `tMs`; undefined when all were heard
   * lately, or nobody for longer than the newcomer itself.
   */
  choose(devices: ReadonlyMap<Id, Placed>, tMs: number, newcomer: Id): Id | undefined {
    for (;;) {
      const candidate = this.#candidates.at(-1);
      if (candidate?.id === newcomer) return undefined;
      // Who spoke since, or is gone, is none any more.
      if (candidate && devices.get(candidate.id)?.heardMs === candidate.heardMs)
        return candidate.id;
      if (!candidate && !this.#look(devices, tMs)) return undefined;
      if (candidate) this.#candidates.pop();
    }
  }

  /** True when there are candidates. */
  #look(devices: ReadonlyMap<Id, Placed>, tMs: number): boolean {
    if (tMs < this.#lookAgainMs) return false;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const [id, { heardMs }] of devices)
      if (heardMs <= tMs - longMs) this.#candidates.push({ id, heardMs });
      else earliestMs = Math.min(earliestMs, heardMs);
    this.#candidates.reverse().sort((a, b) => b.heardMs - a.heardMs);
    this.#lookAgainMs = this.#candidates.length > 0 ? tMs : earliestMs + longMs;
    return this.#candidates.length > 0;
  }
}
