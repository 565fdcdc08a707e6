/** How fast a number that rises does so, over the last few seconds. */

const windowMs = 10_000;

export class Rate {
  #samples: { readonly atMs: number; readonly value: number }[] = [];

  /** Undefined until it was looked at twice. */
  get perS(): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return undefined;
    return ((last.value - first.value) * 1_000) / (last.atMs - first.atMs);
  }

  /** The value at a time of the monotonic clock. One that fell is that of something else. */
  note(value: number, atMs: number): void {
    const last = this.#samples.at(-1);
    if (last && value < last.value) this.#samples = [];
    if (last && atMs - last.atMs > windowMs) this.#samples = [];
    this.#samples.push({ atMs, value });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) >= windowMs)
      this.#samples.shift();
  }
}

/** Rates by name; what was not noted of late is forgotten. */
export class Rates {
  #rates = new Map<string, Rate>();

  /** Notes all that there is now. */
  note(values: Iterable<readonly [name: string, value: number]>, atMs: number): void {
    const next = new Map<string, Rate>();
    for (const [name, value] of values) {
      const rate = this.#rates.get(name) ?? new Rate();
      rate.note(value, atMs);
      next.set(name, rate);
    }
    this.#rates = next;
  }

  perS(name: string): number | undefined {
    return this.#rates.get(name)?.perS;
  }
}
