/** Many gateways at one hub: its connections, how far its roles are behind, and what they take. */
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { allAlerts } from "../../src/core/subject.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { LatencyHistogram } from "../../src/simulate/latency-histogram.ts";
import { parseTransition } from "../../src/stream/parse-transition.ts";
import { waitUntil } from "../support/wait-until.ts";
import {
  type Figure,
  type FigureGroup,
  formatCount,
  formatMegabytes,
  formatMs,
  formatProcessors,
} from "./figures.ts";
import type { HubRole } from "./hub-role.ts";
import { readProcess } from "./process-facts.ts";
import type { FleetArguments } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

const shape = { devices: 10, sites: 50, swingSeconds: 10 };
const patienceMs = 240_000;
/** Alerts come from everywhere, so every gateway is read. */
const isWarmSelect = { select: { metric: "temperature" }, severity: "warning", flapping: "off" };
const rules = {
  version: 1,
  groups: [
    {
      name: "bench",
      rules: [{ alert: "Warm", ...isWarmSelect, condition: { threshold: { above: 0 } } }],
    },
  ],
};

/** With so many gateways, for so many seconds. */
export async function measureFleet(
  workshop: Workshop,
  gateways: number,
  seconds: number,
): Promise<FigureGroup> {
  const monitorPort = await freePort();
  const nats = await workshop.nats({ configuration: `http: "127.0.0.1:${monitorPort}"` });
  const files = [await workshop.file("rules.yaml", JSON.stringify(rules))];
  const configuration = `rules: ${JSON.stringify({ files })}`;
  const openRole = (role: HubRole["role"], more = ""): Promise<HubRole> =>
    workshop.role({ role, natsUrl: nats.url, configuration: `${configuration}\n${more}` });
  const roles: readonly (readonly [string, HubRole])[] = [
    ["a processor", await openRole("processor")],
    ["the other processor", await openRole("processor")],
    ["the notifier", await openRole("notifier")],
    ["the console", await openRole("console", 'console: { listen: "127.0.0.1:0" }')],
  ];
  for (const [, role] of roles) await role.start();
  const options: FleetArguments = { ...shape, natsUrl: nats.url, gateways };
  const fleet = await workshop.program("fleet", options);
  const connection = await connect({ servers: nats.url });
  const told = listen(connection);
  await waitUntil(() => told.gateways.size >= gateways, "every gateway was heard", patienceMs);

  told.forget();
  const before = readAll(nats.pid, roles);
  const storedBefore = await storedMessages(monitorPort);
  const beganMs = performance.now();
  await sleep(systemClock, seconds * 1_000);
  const tookMs = performance.now() - beganMs;
  const stored = (await storedMessages(monitorPort)) - storedBefore;
  const after = readAll(nats.pid, roles);
  const server = await monitored(monitorPort, "varz");
  const figures: Figure[] = [
    { what: "connections of the nats-server", measured: formatCount(server["connections"] ?? 0) },
    { what: "stored", measured: `${formatCount((stored * 1_000) / tookMs)} messages/s` },
    { what: "alerts that came or went", measured: formatCount(told.latency.count) },
    {
      what: "from an event to its alert: half within, 99 of 100 within",
      measured: `${formatMs(told.latency.quantileMs(0.5))}, ${formatMs(told.latency.quantileMs(0.99))}`,
    },
    ...after.flatMap(({ name, facts }, at) => [
      {
        what: `${name}: busy`,
        measured: formatProcessors(facts.cpuMs - (before[at]?.facts.cpuMs ?? 0), tookMs),
      },
      { what: `${name}: memory (RSS)`, measured: formatMegabytes(facts.rssBytes) },
    ]),
  ];
  await connection.close();
  await fleet.end();
  for (const [, role] of roles) await role.kill();
  await nats.kill();
  const devices = formatCount(gateways * shape.devices);
  return {
    title: `${formatCount(gateways)} gateways of ${shape.sites} sites with ${devices} devices, each heard once a second`,
    figures,
  };
}

/** What processors say, as it comes. */
function listen(connection: NatsConnection) {
  let latency = new LatencyHistogram();
  const gateways = new Set<string>();
  connection.subscribe(allAlerts, {
    callback: (_failure, message) => {
      const transition = parseTransition(message.data);
      if (transition?.rule !== "bench/Warm") return;
      gateways.add(transition.labels["gateway"] ?? "");
      latency.record(Math.max(0, Date.now() - Date.parse(transition.at)));
    },
  });
  return {
    gateways,
    get latency() {
      return latency;
    },
    forget() {
      latency = new LatencyHistogram();
    },
  };
}

function readAll(natsPid: number, roles: readonly (readonly [string, HubRole])[]) {
  return [
    { name: "the nats-server", facts: readProcess(natsPid) },
    ...roles.map(([name, { pid }]) => ({ name, facts: readProcess(pid) })),
  ];
}

async function storedMessages(port: number): Promise<number> {
  return (await monitored(port, "jsz"))["messages"] ?? 0;
}

async function monitored(port: number, page: string): Promise<Record<string, number>> {
  const response = await fetch(`http://127.0.0.1:${port}/${page}`);
  const facts: Record<string, number> = JSON.parse(await response.text());
  return facts;
}
