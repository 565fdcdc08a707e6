/** Our own gateway as one of the peers. */
import { decodeEvent, isMalformed } from "../../../src/core/event-codec.ts";
import { counterMetric } from "../tasmota-sensor.ts";
import type { Peer } from "./edge-box.ts";

const decoder = new TextDecoder();
/** What the profile puts in front of the names of devices. */
const family = "tasmota-";

export const sluicegate: Peer = {
  name: "sluicegate",
  missing: undefined,
  stream: "GW_gw1",
  subjects: "ev.plant-a.gw1.*.measurement",
  async open(workshop, hub) {
    const gateway = await workshop.gateway({ natsUrl: hub.url });
    return {
      mqttUrl: gateway.mqttUrl,
      get pids() {
        return [gateway.pid];
      },
      start: () => gateway.start(),
      kill: () => gateway.kill(),
    };
  },
  read({ body }) {
    const event = decodeEvent(decoder.decode(body));
    if (isMalformed(event)) throw new Error(`not an event: ${event.malformed}`);
    if (event.kind !== "measurement") return undefined;
    const n = event.data.find(({ name }) => name === counterMetric)?.value;
    if (typeof n !== "number" || !event.device?.startsWith(family)) return undefined;
    return { device: event.device.slice(family.length), n };
  },
};
