import { createDrafter } from "../../../src/core/event-draft.ts";
import { toDeviceId, toGatewayId, toSiteId } from "../../../src/core/ids.ts";
import type { RecordDraft } from "../../../src/core/record-draft.ts";
import { numberMetric } from "../../../src/simulate/proof.ts";

const draft = createDrafter({ site: toSiteId("plant-a"), gateway: toGatewayId("gw1") });
const device = toDeviceId("counter");
const timeMs = Date.UTC(2026, 10, 21);

/** The device of `numberedDraft`, for ledgers. */
export const numberedDevice: string = device;

/** A measurement that carries a number, as a device's own numbering does; of changing length. */
export function numberedDraft(n: number): RecordDraft {
  return draft({
    kind: "measurement",
    device,
    timeMs,
    receivedMs: timeMs,
    clock: "device",
    data: [
      { name: numberMetric, value: n, quality: "good" },
      { name: "text", value: "x".repeat((n * 37) % 300), quality: "good" },
    ],
  });
}
