/** From the PUBLISH of a device to the acknowledgement of JetStream, at full speed. */
import { countStored, formatVerdict } from "./count-stored.ts";
import {
  type Figure,
  type FigureGroup,
  formatMegabytes,
  formatMs,
  formatProcessors,
  formatRate,
} from "./figures.ts";
import { readMachineCpuMs, readProcess } from "./process-facts.ts";
import type { LoadAnswer, LoadArguments } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

export interface RoadScale {
  readonly warmUp: number;
  readonly events: number;
  /** For node; a processor profile, for example. */
  readonly nodeOptions: readonly string[];
}

/** What the parts are compared with. */
export interface Road {
  readonly groups: readonly FigureGroup[];
  /** Acknowledged to devices, and stored on the backbone, per second. */
  readonly ackedPerSecond: number;
  readonly storedPerSecond: number;
}

const payloadBytes = 256;
const shapes = [
  { connections: 10, window: 100 },
  { connections: 50, window: 20 },
];

/** Runs every shape of load through one gateway, then counts what the stream has of all of them. */
export async function measureRoad(workshop: Workshop, scale: RoadScale): Promise<Road> {
  const nats = await workshop.nats();
  const gateway = await workshop.gateway({
    natsUrl: nats.url,
    nodeOptions: scale.nodeOptions,
  });
  await gateway.start();
  const loads: LoadAnswer[] = [];
  const load = async (
    options: Omit<LoadArguments, "url" | "payloadBytes">,
  ): Promise<LoadAnswer> => {
    const answer = await workshop.load({ url: gateway.mqttUrl, payloadBytes, ...options });
    loads.push(answer);
    return answer;
  };
  await load({ name: "warm", connections: 10, window: 100, total: scale.warmUp });
  await gateway.drained();

  const groups: FigureGroup[] = [];
  const rates: { acked: number; stored: number }[] = [];
  for (const shape of shapes) {
    const before = {
      gateway: readProcess(gateway.pid),
      nats: readProcess(nats.pid),
      machineCpuMs: readMachineCpuMs(),
    };
    const name = `at-${shape.connections}`;
    const answer = await load({ name, total: scale.events, ...shape });
    await gateway.drained();
    const tookMs = Date.now() - answer.startedMs;
    const after = { gateway: readProcess(gateway.pid), nats: readProcess(nats.pid) };
    const { report } = answer;
    const stored = (scale.events * 1_000) / tookMs;
    rates.push({ acked: report.ackedPerSecond, stored });
    const machineCpuMs = readMachineCpuMs() - before.machineCpuMs;
    const natsCpuMs = after.nats.cpuMs - before.nats.cpuMs;
    const gatewayCpuMs = after.gateway.cpuMs - before.gateway.cpuMs;
    const written = after.gateway.writtenBytes - before.gateway.writtenBytes;
    groups.push({
      title: `The whole road: ${shape.connections} devices, ${shape.window} messages of ${payloadBytes} B under way each`,
      figures: [
        {
          what: "acknowledged to devices (QoS 1, after fdatasync)",
          measured: formatRate(report.ackedPerSecond),
        },
        {
          what: "stored on the backbone, first PUBLISH to last ack",
          measured: formatRate(stored),
          goal: "60,000",
        },
        {
          what: "PUBLISH to PUBACK, half of them within",
          measured: formatMs(report.latency.p50Ms),
        },
        { what: "PUBLISH to PUBACK, 99 of 100 within", measured: formatMs(report.latency.p99Ms) },
        {
          what: "busy: gateway",
          measured: formatProcessors(gatewayCpuMs, tookMs),
        },
        {
          what: "busy: nats-server",
          measured: formatProcessors(natsCpuMs, tookMs),
        },
        { what: "busy: load generator", measured: formatProcessors(answer.cpuMs, tookMs) },
        {
          what: "busy: everything else on this machine",
          measured: formatProcessors(
            machineCpuMs - gatewayCpuMs - natsCpuMs - answer.cpuMs,
            tookMs,
          ),
        },
        {
          what: "processor time of the gateway per event",
          measured: `${((gatewayCpuMs * 1_000) / scale.events).toFixed(1)} µs`,
        },
        {
          what: "written to disk by the gateway, per byte of payload",
          measured: (written / (scale.events * payloadBytes)).toFixed(2),
        },
        {
          what: "highest memory of the gateway (RSS)",
          measured: formatMegabytes(after.gateway.peakRssBytes),
        },
      ],
    });
  }
  const verdict = await countStored(nats.url, loads);
  const proof: Figure = {
    what: "acknowledged events that the stream has, once and in order",
    measured: formatVerdict(verdict),
  };
  groups.push({
    title: "Proof: the whole stream read back, by the devices' own numbers",
    figures: [proof],
  });
  await gateway.stop();
  await nats.kill();
  const [first] = rates;
  return { groups, ackedPerSecond: first?.acked ?? 0, storedPerSecond: first?.stored ?? 0 };
}
