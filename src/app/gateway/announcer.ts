/**
 * Tells the hub which devices there are: every configured one at start, every other when it is met
 * first, all again once a day. Hub roles learn of devices in no other way.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import type { DeviceRecord } from "../../core/device.ts";
import type { DeviceId } from "../../core/ids.ts";

const everyMs = 24 * 3_600_000;

export class Announcer {
  readonly #known = new Map<DeviceId, DeviceRecord>();
  readonly #clock: Clock;
  readonly #append: (record: DeviceRecord) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, append: (record: DeviceRecord) => void) {
    this.#clock = clock;
    this.#append = append;
  }

  /** Announces the configured devices; then all known ones, every 24 hours. */
  start(configured: Iterable<DeviceRecord>): void {
    for (const record of configured) this.met(record);
    this.#again();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** To be called before an event of the device is appended; cheap for a device that is known. */
  met(record: DeviceRecord): void {
    if (this.#known.get(record.device) === record) return;
    this.#known.set(record.device, record);
    this.#append(record);
  }

  has(device: DeviceId): boolean {
    return this.#known.has(device);
  }

  get count(): number {
    return this.#known.size;
  }

  #again(): void {
    this.#timer = this.#clock.setTimer(everyMs, () => {
      for (const record of this.#known.values()) this.#append(record);
      this.#again();
    });
  }
}
