import type { ForgetOutcome } from "../core/device.ts";
import { type DeviceId, isId, toDeviceId } from "../core/ids.ts";
import type { Durability } from "../core/log-writer.ts";
import { untilDurable } from "../core/until-durable.ts";
import type { Announcer } from "./announcer.ts";
import type { Ingest, OwnStatement } from "./ingest.ts";

export interface ForgetDependencies {
  readonly announcer: Announcer;
  readonly ingest: Ingest;
  readonly log: Durability;
  /** True for a device that spoke once, also to an earlier process. */
  readonly spoke: (device: DeviceId) => boolean;
}

/** What tells the hub that a device is gone. */
export function deviceRemoved(device: DeviceId): OwnStatement {
  return { kind: "status", device, data: { state: "unknown", cause: "device-removed" } };
}

/**
 * Tells the hub to forget a device; `force` takes also one that nobody here knows. Resolves when that
 * is on disk. A configured one stays: the next start would announce it again.
 */
export async function forgetDevice(
  name: string,
  { announcer, ingest, log, spoke }: ForgetDependencies,
  force: boolean,
): Promise<ForgetOutcome> {
  if (!isId(name)) return "no-name";
  const device = toDeviceId(name);
  if (!force && !announcer.knows(device) && !spoke(device)) return "no-device";
  if (!announcer.forget(device)) return "configured";
  await untilDurable(log, ingest.own(deviceRemoved(device)));
  return "forgotten";
}
