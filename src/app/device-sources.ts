import type { EpochMs } from "../core/clock.ts";
import { profileName } from "../core/device.ts";
import type { Announcer } from "../gateway/announcer.ts";
import { outlineOfKnown, outlineOfRecord } from "../gateway/device-outline.ts";
import type { DeviceSources } from "../gateway/registry/device-rows.ts";
import type { Catalog } from "../normalize/catalog.ts";
import type { OpenRegistry } from "./open-registry.ts";

export interface DeviceSourcesParts {
  readonly announcer: Announcer;
  readonly catalog: Catalog;
  readonly nowMs: () => EpochMs;
  readonly registry: OpenRegistry;
  readonly startedMs: EpochMs;
}

/** All that is known of devices, by whom they were announced and by what they said. */
export function deviceSources(parts: DeviceSourcesParts): DeviceSources {
  const { announcer, catalog, nowMs, registry, startedMs } = parts;
  const endedMs = registry.endedMs ?? startedMs;
  return {
    announcer,
    registry: registry.registry,
    announced(device) {
      const met = announcer.discoveredAs(device);
      const record = announcer.isConfigured(device) ? announcer.recordOf(device) : undefined;
      return record ? outlineOfRecord(record) : met && outlineOfKnown(met);
    },
    running: () => ({ nowMs: nowMs(), startedMs, endedMs }),
    outlineOf({ device, profile = "" }) {
      const known = catalog.discovered(device, profileName(profile));
      if (known !== undefined) return { ...outlineOfKnown(known), profile };
      const nobody = { intervalMs: undefined, family: undefined, isConfigured: false };
      return { device, profile, ...nobody };
    },
  };
}
