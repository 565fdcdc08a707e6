import type { DeviceId } from "../core/ids.ts";
import type { Durability } from "../core/log-writer.ts";
import type { Questions } from "../core/question.ts";
import type { Announcer } from "../gateway/announcer.ts";
import { forgetDevice } from "../gateway/forget-device.ts";
import type { Ingest } from "../gateway/ingest.ts";
import { type DeviceSources, listDevices } from "../gateway/registry/device-rows.ts";
import { listUnknown } from "../gateway/registry/list-unknown.ts";
import { listMetricNames } from "../gateway/registry/metric-names.ts";
import { type DeviceFacts, noDevice, showDevice } from "../gateway/registry/show-device.ts";
import type { Descriptions } from "./descriptions.ts";
import type { GatewayNormalizer } from "./gateway-normalizer.ts";
import type { OpenRegistry } from "./open-registry.ts";

export interface DeviceQuestionParts {
  readonly announcer: Announcer;
  readonly describer: Pick<Descriptions, "show">;
  readonly devices: DeviceSources;
  readonly ingest: Ingest;
  readonly log: Durability;
  readonly normalizer: GatewayNormalizer;
  readonly registry: OpenRegistry;
}

/** All that is known of devices, by whoever knows it. */
export function deviceFacts(
  parts: Pick<DeviceQuestionParts, "announcer" | "describer" | "devices" | "normalizer">,
): DeviceFacts {
  const { announcer, describer, devices, normalizer } = parts;
  return {
    ...devices,
    recordOf: (device: DeviceId) => announcer.recordOf(device),
    descriptionOf: (device: DeviceId) => describer.show(device),
    unread: () => normalizer.unread.list(),
  };
}

/** What may be asked about the devices of a gateway. */
export function deviceQuestions(parts: DeviceQuestionParts): Questions {
  const { announcer, devices, ingest, log, normalizer, registry } = parts;
  const facts = deviceFacts(parts);
  const spoke = (device: DeviceId) => registry.registry.get(device) !== undefined;
  return {
    devices: async (asked) => listDevices(devices, asked),
    device: async ({ device = "" }) => showDevice(facts, device),
    "metric-names": async () => listMetricNames(devices),
    unread: async () => ({
      unread: normalizer.unread.list(),
      misfits: normalizer.misfits.list(),
    }),
    "unknown-topics": async (asked) => listUnknown(registry.unknown, normalizer.again(), asked),
    async forget({ device = "", force }) {
      const dependencies = { announcer, ingest, log, spoke };
      const outcome = await forgetDevice(device, dependencies, force === "true");
      return outcome === "no-device" ? { outcome, ...noDevice(devices, device) } : { outcome };
    },
  };
}
