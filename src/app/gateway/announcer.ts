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
/** One more forgets the one met first; it is announced again when it speaks again. */
const mostDiscovered = 16_384;

interface Announced {
  readonly record: DeviceRecord;
  readonly text: string;
  /** How the device was when it was met last. */
  readonly met: KnownDevice | undefined;
}

export class Announcer {
  readonly #configured = new Map<DeviceId, Announced>();
  readonly #discovered = new BoundedMap<DeviceId, Announced>(mostDiscovered);
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
      this.#configured.set(record.device, toAnnounced(record, undefined));
      this.#append(record);
    }
    this.#again();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** To be called before an event of the device is appended; cheap for a device that is known. */
  met(device: KnownDevice): void {
    const before = this.#find(device.id);
    if (before?.met === device) return;
    const now = toAnnounced(describeDevice(device), device);
    const known = this.#configured.has(device.id) ? this.#configured : this.#discovered;
    known.set(device.id, now);
    if (before?.text !== now.text) this.#append(now.record);
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
    return this.#find(device) !== undefined;
  }

  get count(): number {
    return this.#configured.size + this.#discovered.size;
  }

  #find(device: DeviceId): Announced | undefined {
    return this.#configured.get(device) ?? this.#discovered.get(device);
  }

  #again(): void {
    this.#timer = this.#clock.setTimer(everyMs, () => {
      for (const known of [this.#configured, this.#discovered])
        for (const { record } of known.values()) this.#append(record);
      this.#again();
    });
  }
}

function toAnnounced(record: DeviceRecord, met: KnownDevice | undefined): Announced {
  return { record, text: JSON.stringify(record), met };
}
