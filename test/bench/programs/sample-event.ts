/** What the load generator's devices say, at each stage of its way. */
import type { GatewayEvent } from "../../../src/core/event.ts";
import { type EventId, toDeviceId, toGatewayId, toSiteId } from "../../../src/core/ids.ts";
import { createEventEncoder } from "../../support/event-encoder.ts";

export const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
export const device = toDeviceId("sample-load-1");
export const topic = `sim/freezer/${device}/telemetry`;

/** A payload of the load generator. */
export function samplePayload(n: number): string {
  return `{"n":${n},"boot":"sample","temperature":-18.25,"door":false,"compressor":true}`.padEnd(
    256,
  );
}

const encode = createEventEncoder(origin);

/** The same as it travels. */
export function sampleText(n: number, id: EventId): string {
  const nowMs = Date.now();
  const event: GatewayEvent = {
    kind: "measurement",
    device,
    timeMs: nowMs,
    receivedMs: nowMs,
    clock: "gateway",
    profile: "sluicegate/sim-freezer@1",
    data: [
      { name: "n", unit: "count", value: n, quality: "good" },
      { name: "temperature", unit: "Cel", value: -18.25, quality: "good" },
      { name: "door", value: false, quality: "good" },
      { name: "compressor", value: true, quality: "good" },
    ],
  };
  return encode(event, id);
}
