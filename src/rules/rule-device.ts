import type { DeviceRecord } from "../core/device.ts";
import { profileName } from "../core/device.ts";
import type { Origin } from "../core/event.ts";
import { type DeviceId, toDeviceId, toGatewayId } from "../core/ids.ts";

/** What rules ask of a device: who it is, and what its gateway says about it. */
export interface RuleDevice extends Origin {
  readonly device: DeviceId;
  /** Without its version; empty while nobody said. */
  readonly profile: string;
  readonly intervalMs: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly attrs: Readonly<Record<string, number | boolean | string>>;
  readonly metrics: ReadonlySet<string>;
  /** False until the gateway told of the device; rules that need tags or attributes wait. */
  readonly told: boolean;
}

/** A device by its record. `sent` are metrics it sent although the record does not name them. */
export function deviceOfRecord(
  origin: Origin,
  record: DeviceRecord,
  sent: ReadonlySet<string>,
): RuleDevice {
  return {
    site: origin.site,
    gateway: origin.gateway,
    device: record.device,
    profile: profileName(record.profile),
    intervalMs: record.intervalMs,
    tags: record.tags,
    attrs: record.attrs,
    metrics: new Set([...record.metrics.map(({ name }) => name), ...sent]),
    told: true,
  };
}

/** A device of which nothing is known but what its own events say. */
export function untoldDevice(
  origin: Origin,
  device: DeviceId,
  profile: string,
  sent: ReadonlySet<string>,
): RuleDevice {
  return {
    site: origin.site,
    gateway: origin.gateway,
    device,
    profile: profileName(profile),
    intervalMs: undefined,
    tags: {},
    attrs: {},
    metrics: sent,
    told: false,
  };
}

/** What stands for all devices of a gateway, or of a site: it has no name of its own. */
export function wholeOf({ gateway, site }: Origin, of: "gateway" | "site"): RuleDevice {
  const origin = { site, gateway: of === "site" ? toGatewayId("") : gateway };
  return { ...untoldDevice(origin, toDeviceId(""), "", new Set()), told: true };
}
