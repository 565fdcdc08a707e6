/**
 * Which devices a record of late names, and thereby says that they live: one every few seconds is
 * enough. Names can be made up, so there are so many within that time and no more.
 */
import type { Clock } from "../core/clock.ts";
import type { DeviceId } from "../core/ids.ts";

const everyMs = 10_000;
const most = 512;

export class RecentlyNamed {
  readonly #clock: Clock;
  readonly #devices = new Set<DeviceId>();
  #fromMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True where a record need not name the device now, or none more may. */
  has(device: DeviceId | null): boolean {
    const now = this.#clock.monotonicMs();
    if (now - this.#fromMs >= everyMs) {
      this.#fromMs = now;
      this.#devices.clear();
    }
    return device === null || this.#devices.has(device) || this.#devices.size >= most;
  }

  /** A record names the device. */
  add(device: DeviceId | null): void {
    if (device !== null && this.#devices.size < most) this.#devices.add(device);
  }
}
