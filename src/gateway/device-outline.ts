import type { DeviceRecord } from "../core/device.ts";
import type { DeviceId } from "../core/ids.ts";
import type { KnownDevice } from "../normalize/known-device.ts";

/** A device that was announced, in short. */
export interface DeviceOutline {
  readonly device: DeviceId;
  /** With its version. */
  readonly profile: string;
  readonly intervalMs: number | undefined;
  /** What its id begins with; undefined where the configuration names it. */
  readonly family: string | undefined;
  readonly isConfigured: boolean;
}

/** Of one that the configuration names. */
export function outlineOfRecord({ device, intervalMs, profile }: DeviceRecord): DeviceOutline {
  return { device, profile, intervalMs, family: undefined, isConfigured: true };
}

/** Of one that was met. */
export function outlineOfKnown({ id, profile }: KnownDevice): DeviceOutline {
  const { intervalMs, naming } = profile;
  const { family } = naming;
  return { device: id, profile: profile.id, intervalMs, family, isConfigured: false };
}
