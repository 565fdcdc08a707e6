/**
 * Tells the hub which devices there are: every configured one at start, every other when it is met
 * first, all again once a day. Hub roles learn of devices in no other way.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import type { DeviceRecord } from "../../core/device.ts";
import type { DeviceId } from "../../core/ids.ts";
import { describeDevice, type KnownDevice } from "../../normalize/known-device.ts";

const everyMs = 24 * 3_600_000;

export class Announcer {
  readonly #met = new Map<DeviceId, KnownDevice>();
  readonly #announced = new Map<DeviceId, { record: DeviceRecord; text: string }>();
  readonly #clock: Clock;
  readonly #append: (record: DeviceRecord) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, append: (record: DeviceRecord) => void) {
    this.#clock = clock;
    this.#append = append;
  }

  /** Announces the configured devices; then all known ones, every 24 hours. */
  start(configured: Iterable<DeviceRecord>): void {
    for (const record of configured) this.#announce(record);
    this.#again();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** To be called before an event of the device is appended; cheap for a device that is known. */
  met(device: KnownDevice): void {
    if (this.#met.get(device.id) === device) return;
    this.#met.set(device.id, device);
    this.#announce(describeDevice(device));
  }

  /** True for a device that was announced. */
  knows(device: DeviceId): boolean {
    return this.#announced.has(device);
  }

  get count(): number {
    return this.#announced.size;
  }

  #announce(record: DeviceRecord): void {
    const text = JSON.stringify(record);
    if (this.#announced.get(record.device)?.text === text) return;
    this.#announced.set(record.device, { record, text });
    this.#append(record);
  }

  #again(): void {
    this.#timer = this.#clock.setTimer(everyMs, () => {
      for (const { record } of this.#announced.values()) this.#append(record);
      this.#again();
    });
  }
}
