/**
 * Tells the hub which devices there are: every configured one at start, every other when it is met
 * first, all again once a day. Hub roles learn of devices in no other way.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import type { Clock, Timer } from "../../core/clock.ts";
import type { DeviceRecord } from "../../core/device.ts";
import type { DeviceId } from "../../core/ids.ts";
import { describeDevice, type KnownDevice } from "../../normalize/known-device.ts";

const everyMs = 24 * 3_600_000;
/** One more forgets another; it is announced again when it speaks again. */
const mostDiscovered = 65_536;

interface Configured {
  readonly record: DeviceRecord;
  /** How the device was when it was met last. */
  readonly met: KnownDevice | undefined;
}

export class Announcer {
  readonly #configured = new Map<DeviceId, Configured>();
  readonly #discovered = new BoundedMap<DeviceId, KnownDevice>(mostDiscovered);
  readonly #clock: Clock;
  readonly #append: (record: DeviceRecord) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, append: (record: DeviceRecord) => void) {
    this.#clock = clock;
    this.#append = append;
  }

  /** Announces the configured devices; then all known ones, every 24 hours. */
  start(configured: Iterable<DeviceRecord>): void {
    for (const record of configured) {
      this.#configured.set(record.device, { record, met: undefined });
      this.#append(record);
    }
    this.#again();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** To be called before an event of the device is appended; cheap for a device that is known. */
  met(device: KnownDevice): void {
    const configured = this.#configured.get(device.id);
    if (configured) this.#metConfigured(configured, device);
    else this.#metStranger(device);
  }

  #metStranger(device: KnownDevice): void {
    const before = this.#discovered.get(device.id);
    if (before === device) return;
    this.#discovered.set(device.id, device);
    if (before?.profile !== device.profile) this.#append(describeDevice(device));
  }

  #metConfigured(before: Configured, device: KnownDevice): void {
    if (before.met === device) return;
    const record = describeDevice(device);
    this.#configured.set(device.id, { record, met: device });
    if (JSON.stringify(before.record) !== JSON.stringify(record)) this.#append(record);
  }

  /**
   * Announces the device no more unless it speaks again. False, and nothing changes, where the
   * configuration names it.
   */
  forget(device: DeviceId): boolean {
    this.#discovered.delete(device);
    return !this.#configured.has(device);
  }

  /** True for a device that was announced. */
  knows(device: DeviceId): boolean {
    return this.#configured.has(device) || this.#discovered.get(device) !== undefined;
  }

  get count(): number {
    return this.#configured.size + this.#discovered.size;
  }

  #again(): void {
    this.#timer = this.#clock.setTimer(everyMs, () => {
      for (const { record } of this.#configured.values()) this.#append(record);
      for (const device of this.#discovered.values()) this.#append(describeDevice(device));
      this.#again();
    });
  }
}
