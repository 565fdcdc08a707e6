/** What devices hold PUBACKs for, as a guest printed it: each device counts from 1. */
export class AckedNumbers {
  readonly #highest = new Map<string, number>();

  get total(): number {
    return [...this.#highest.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Takes `ACKED <device> <n>`; passes over any other line. */
  readLine(line: string): void {
    const [, device, n] = /^ACKED (\S+) (\d+)$/.exec(line) ?? [];
    if (device === undefined) return;
    this.#highest.set(device, Math.max(Number(n), this.#highest.get(device) ?? 0));
  }

  *[Symbol.iterator](): Generator<readonly [device: string, n: number]> {
    for (const [device, highest] of this.#highest) {
      for (let n = 1; n <= highest; n += 1) yield [device, n];
    }
  }
}
