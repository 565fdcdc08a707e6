import type { GatewayEvent } from "../../../src/core/event.ts";
import { createEventEncoder } from "../../../src/core/event-codec.ts";
import { toDeviceId, toGatewayId, toSiteId } from "../../../src/core/ids.ts";
import type { RecordDraft } from "../../../src/core/record-draft.ts";
import { numberMetric } from "../../../src/simulate/proof.ts";

const encode = createEventEncoder({ site: toSiteId("plant-a"), gateway: toGatewayId("gw1") });
const device = toDeviceId("counter");
const timeMs = Date.UTC(2026, 10, 21);

/** The device of `numberedDraft`, for ledgers. */
export const numberedDevice: string = device;

/** A measurement that carries a number, as a device's own numbering does; of changing length. */
export function numberedDraft(n: number): RecordDraft {
  const event: GatewayEvent = {
    kind: "measurement",
    device,
    timeMs,
    receivedMs: timeMs,
    clock: "device",
    data: [
      { name: numberMetric, value: n, quality: "good" },
      { name: "text", value: "x".repeat((n * 37) % 300), quality: "good" },
    ],
  };
  return {
    kind: "measurement",
    recordClass: "telemetry",
    device,
    encode: (id) => encode(event, id),
  };
}
