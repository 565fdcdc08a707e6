/** A device as the gateway knows it, and what the gateway says about it. */
import type { DeviceRecord } from "../core/device.ts";
import type { DeviceId } from "../core/ids.ts";
import type { DeviceOptions } from "./options.ts";
import type { Profile } from "./profile.ts";
import { noProbes, type ProbeNames } from "./walk/probe.ts";

/**
 * One device with its profile. The catalog gives the same object for as long as it remembers the
 * pair, so an object that was not seen before is a device to tell the hub about.
 */
export interface KnownDevice {
  readonly id: DeviceId;
  /** What its topic calls it; undefined where it has its id from elsewhere. */
  readonly word: string | undefined;
  readonly profile: Profile;
  /** What the configuration says about it; undefined for a discovered device. */
  readonly configured: DeviceOptions | undefined;
}

/** What the configuration calls its probes. */
export function probesOf({ configured }: KnownDevice): ProbeNames {
  return configured?.probes ?? noProbes;
}

/** The body of its `device` event. */
export function describeDevice({ id, profile, configured }: KnownDevice): DeviceRecord {
  const intervalMs = configured?.interval ?? profile.intervalMs;
  return {
    device: id,
    profile: profile.id,
    ...(intervalMs !== undefined && { intervalMs }),
    tags: configured?.tags ?? {},
    attrs: { ...profile.attrs, ...configured?.attrs },
    metrics: profile.metrics
      .filter(({ name }) => !name.includes("{"))
      .map(({ name, unit }) => (unit === undefined ? { name } : { name, unit })),
  };
}
