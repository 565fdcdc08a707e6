/** Whether the hub would be told the same. */
import type { DeviceRecord } from "../core/device.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { toDeviceId } from "../core/ids.ts";
import { describeDevice, type KnownDevice } from "../normalize/known-device.ts";
import { sayNaming } from "../normalize/topics/device-name.ts";

/** True where the hub would be told the same of both, and both were named in the same way. */
export function isSameKind(one: KnownDevice, other: KnownDevice): boolean {
  if (one.profile === other.profile) return true;
  const isNamedAlike = sayNaming(one.profile.naming) === sayNaming(other.profile.naming);
  return isNamedAlike && isSame(describeDevice(one), describeDevice(other));
}

/** True where two records say the same. */
export function isSame(one: DeviceRecord, other: DeviceRecord): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Stands for what the hub is told of a device that is not configured; the same for a profile's all. */
export function markOf({ profile }: KnownDevice): string {
  const nobody = { id: toDeviceId("-"), word: undefined, profile, configured: undefined };
  return fnv1a64(JSON.stringify(describeDevice(nobody)));
}
