/** How much the volume still takes, without asking it for every commit. */
import type { Clock } from "../../core/clock.ts";
import type { Disk } from "../../core/disk.ts";

const trustMs = 1_000;

export class FreeSpace {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #folder: string;
  readonly #minBytes: number;
  #knownBytes = 0;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  /** `minBytes` must stay free. */
  constructor(disk: Disk, clock: Clock, folder: string, minBytes: number) {
    this.#disk = disk;
    this.#clock = clock;
    this.#folder = folder;
    this.#minBytes = minBytes;
  }

  /** True when `bytes` more still leave the minimum free, once `soonFreeBytes` are deleted. */
  async allows(bytes: number, soonFreeBytes: number): Promise<boolean> {
    const now = this.#clock.monotonicMs();
    if (this.#knownBytes - bytes < this.#minBytes * 2 || now - this.#askedAtMs > trustMs) {
      this.#knownBytes = await this.#ask();
      this.#askedAtMs = now;
    }
    if (this.#knownBytes + soonFreeBytes - bytes < this.#minBytes) return false;
    this.#knownBytes -= bytes;
    return true;
  }

  /** A volume that cannot say how much it has is found full when it is. */
  async #ask(): Promise<number> {
    try {
      return await this.#disk.freeBytes(this.#folder);
    } catch {
      return Number.MAX_SAFE_INTEGER;
    }
  }
}
