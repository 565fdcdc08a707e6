/**
 * Many gateways in one process, until the program is ended: each with a connection, a forwarder and a
 * log of its own, in memory. A device of each goes over a limit and back again and again.
 */
import { systemClock } from "../../../src/app/system-clock.ts";
import type { GatewayEvent } from "../../../src/core/event.ts";
import { createDrafter } from "../../../src/core/event-draft.ts";
import { toDeviceId, toGatewayId, toSiteId } from "../../../src/core/ids.ts";
import { createForwarder } from "../../../src/forward/forwarder.ts";
import { openBackbone } from "../../../src/stream/backbone.ts";
import { backboneOptions } from "../../../src/stream/options.ts";
import { MemoryLog } from "../../support/memory-log.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";
import { answer, readArguments } from "./answer.ts";
import type { FleetArguments } from "./reports.ts";

const { devices, gateways, natsUrl, sites, swingSeconds } = readArguments<FleetArguments>();
const options = backboneOptions.parse({ servers: [natsUrl] });
const everyMs = 1_000;

function startGateway(n: number): void {
  const origin = { site: toSiteId(`site-${n % sites}`), gateway: toGatewayId(`gw-${n}`) };
  const log = new MemoryLog(origin);
  const shared = {
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
  };
  const backbone = openBackbone(options, { ...shared, name: origin.gateway });
  createForwarder({ ...shared, log, backbone, origin, options }).start();
  const draft = createDrafter(origin);
  const names = Array.from({ length: devices }, (_, at) => toDeviceId(`d-${n}-${at}`));
  let second = 0;
  const tick = (): void => {
    second += 1;
    const nowMs = systemClock.wallMs();
    const times = { timeMs: nowMs, receivedMs: nowMs } as const;
    names.forEach((device, at) => {
      const isWarm = at === 0 && Math.floor((second + n) / swingSeconds) % 2 === 1;
      const value = isWarm ? 5 : -18;
      const data = [{ name: "temperature", unit: "Cel", value, quality: "good" }] as const;
      const event: GatewayEvent = { ...times, kind: "measurement", device, clock: "gateway", data };
      log.append(draft(event));
    });
    const own = { ...times, device: null, clock: "gateway" } as const;
    log.append(draft({ ...own, kind: "watermark", data: { t: nowMs } }));
    // What was confirmed is not needed again.
    log.forget((log.confirmed?.seq ?? 1) - 1);
    systemClock.setTimer(everyMs, tick);
  };
  // Not all in one moment.
  systemClock.setTimer((everyMs * n) / gateways, tick);
}

for (let n = 0; n < gateways; n += 1) startGateway(n);
answer({ started: true });
