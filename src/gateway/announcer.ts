/**
 * Tells the hub which devices there are: every configured one at start, every other when it is met
 * first, all again once a day. Hub roles learn of devices in no other way.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { Clock, Timer } from "../core/clock.ts";
import type { DeviceRecord } from "../core/device.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { type DeviceId, toDeviceId } from "../core/ids.ts";
import { describeDevice, type KnownDevice } from "../normalize/known-device.ts";

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
  #revision = 0;

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
    if (before?.profile === device.profile) return;
    this.#revision += 1;
    this.#append(describeDevice(device));
  }

  #metConfigured(before: Configured, device: KnownDevice): void {
    if (before.met === device) return;
    const record = describeDevice(device);
    this.#configured.set(device.id, { record, met: device });
    if (JSON.stringify(before.record) !== JSON.stringify(record)) this.#append(record);
  }

  /**
   * Knows a device again that an earlier process met; says so only where the hub was told something
   * else of it. `mark` is what `markOf` gave then.
   */
  recall(device: KnownDevice, mark: string): void {
    if (this.knows(device.id)) return;
    this.#discovered.set(device.id, device);
    if (markOf(device) !== mark) this.#append(describeDevice(device));
  }

  /** The devices that were met and are not configured. */
  discovered(): Iterable<KnownDevice> {
    return this.#discovered.values();
  }

  /** Changes when `discovered` gives something else. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Announces the device no more unless it speaks again. False, and nothing changes, where the
   * configuration names it.
   */
  forget(device: DeviceId): boolean {
    this.#discovered.delete(device);
    this.#revision += 1;
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

/** Stands for what the hub is told of a device that is not configured; the same for a profile's all. */
export function markOf({ profile }: KnownDevice): string {
  const nobody: KnownDevice = { id: toDeviceId("-"), profile, configured: undefined };
  return fnv1a64(JSON.stringify(describeDevice(nobody)));
}
