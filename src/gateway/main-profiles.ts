/**
 * Which profile stands for a device that several read, such as one for its sensors and one for its
 * state: that with the most metrics. The hub would else see another device with every message, and rules
 * would begin anew.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { DeviceId } from "../core/ids.ts";
import type { KnownDevice } from "../normalize/known-device.ts";

/** Messages that others read, after which a profile that is in doubt counts no more. */
const patience = 4;

export class MainProfiles {
  /** Those in doubt, with the messages that other profiles read of them since. */
  readonly #doubted: BoundedMap<DeviceId, number>;

  constructor(mostDevices: number) {
    this.#doubted = new BoundedMap(mostDevices);
  }

  /** Profiles may have changed: that of the device counts until others alone read what it says. */
  doubt(device: DeviceId): void {
    this.#doubted.set(device, 0);
  }

  /** To be called with each message: true where the profile of `before` still stands for the device. */
  isBeside(before: KnownDevice, device: KnownDevice): boolean {
    if (before.profile.name === device.profile.name || hasMore(device, before)) {
      if (this.#doubted.size > 0) this.#doubted.delete(device.id);
      return false;
    }
    const others = this.#doubted.get(device.id);
    if (others === undefined) return true;
    if (others === patience) this.#doubted.delete(device.id);
    else this.#doubted.set(device.id, others + 1);
    return others < patience;
  }

  forget(device: DeviceId): void {
    this.#doubted.delete(device);
  }
}

function hasMore({ profile: one }: KnownDevice, { profile: other }: KnownDevice): boolean {
  const more = one.metrics.length - other.metrics.length;
  return more > 0 || (more === 0 && one.name < other.name);
}
