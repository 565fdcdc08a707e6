/** One way from devices to a hub: how fast, at what cost, and what a SIGKILL in the middle takes. */
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { NatsServerProgram } from "../../src/nats-server/nats-server-program.ts";
import type { OwnNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { createProof, type Verdict } from "../../src/simulate/proof.ts";
import { envOf } from "../support/current-nats-server.ts";
import { visitStream } from "../support/read-gateway-stream.ts";
import type { EdgeBox, Peer } from "./peers/edge-box.ts";
import { readProcess } from "./process-facts.ts";
import type { LoadAnswer, LoadArguments } from "./programs/reports.ts";
import { openStoredCount, type StoredCount } from "./stored-count.ts";
import { sensorBytes } from "./tasmota-sensor.ts";
import { cpuMsOf, residentBytes, watchMemory } from "./watch-memory.ts";
import type { Workshop } from "./workshop.ts";

export interface PeersScale {
  /** At full speed, and no longer than `seconds`. */
  readonly events: number;
  /** For each of the steady flow, the full speed, and the flow with a kill. */
  readonly seconds: number;
}

/** What was found of one of them. */
export interface PeerFigures {
  readonly name: string;
  readonly storedPerSecond: number;
  /** Processor time for an event of all that runs on the box, and of the hub. */
  readonly cpuUs: number;
  readonly hubCpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly idleBytes: number;
  readonly steadyBytes: number;
  readonly fullBytes: number;
  /** Acknowledged and not stored, and stored more than once, with a SIGKILL in the middle. */
  readonly lost: number;
  readonly twice: number;
}

export const connections = 16;
/** What a start leaves behind is collected some seconds later. */
const idleMs = 15_000;
const steadyPerSecond = 1_000;
const killedPerSecond = 5_000;
/** So long nothing more comes when nothing more will come; a mirror takes a while to find a leaf again. */
const stillMs = 5_000;
const stillAfterKillMs = 20_000;

/** It has a hub of its own, which runs `server`. */
export async function measurePeer(
  workshop: Workshop,
  peer: Peer,
  server: NatsServerProgram,
  scale: PeersScale,
): Promise<PeerFigures> {
  const hub = await workshop.nats({
    ...envOf(server.path),
    ...(peer.hubConfiguration !== undefined && { configuration: peer.hubConfiguration }),
  });
  const box = await peer.open(workshop, hub);
  await box.start();
  const stored = await openStoredCount(hub.url, peer.stream, peer.subjects);
  const load = (name: string, options: Pick<LoadArguments, "total" | "ratePerSecond">) =>
    workshop.load({
      ...{ name, url: box.mqttUrl, says: "sensor", payloadBytes: sensorBytes },
      ...{ connections, window: 60, seconds: scale.seconds, ...options },
    });

  await sleep(systemClock, idleMs);
  const idleBytes = residentBytes(box.pids);
  const warm = await load("warm", { total: scale.events / 4 });
  await stored.settled(warm.report.acked, stillMs);
  const steady = watchMemory(() => box.pids);
  const { report } = await load("steady", {
    total: steadyPerSecond * scale.seconds,
    ratePerSecond: steadyPerSecond,
  });
  await stored.settled(warm.report.acked + report.acked, stillMs);
  const steadyBytes = steady.end();

  const full = watchMemory(() => box.pids);
  const speed = await atFullSpeed({ box, hub, stored }, () =>
    load("full", { total: scale.events }),
  );
  const fullBytes = full.end();
  const before = await stored.read();
  const killed = load("kill", {
    total: killedPerSecond * scale.seconds,
    ratePerSecond: killedPerSecond,
  });
  await sleep(systemClock, scale.seconds * 500);
  await box.kill();
  await box.start();
  const answer = await killed;
  await stored.settled(before + answer.report.acked, stillAfterKillMs);
  await stored.settled(Number.POSITIVE_INFINITY, stillMs);
  await stored.close();
  const verdict = await countNumbers(hub.url, peer, answer);
  await box.kill();
  await hub.kill();
  return {
    name: peer.name,
    ...speed,
    ...{ p50Ms: report.latency.p50Ms, p99Ms: report.latency.p99Ms },
    ...{ idleBytes, steadyBytes, fullBytes },
    ...{ lost: verdict.lost, twice: verdict.duplicated },
  };
}

async function atFullSpeed(
  { box, hub, stored }: { box: EdgeBox; hub: OwnNatsServer; stored: StoredCount },
  load: () => Promise<LoadAnswer>,
): Promise<Pick<PeerFigures, "storedPerSecond" | "cpuUs" | "hubCpuUs">> {
  const before = await stored.read();
  const boxCpuMs = cpuMsOf(box.pids);
  const hubCpuMs = readProcess(hub.pid).cpuMs;
  const { report, startedMs } = await load();
  const { count, lastMs } = await stored.settled(before + report.acked, stillMs);
  const events = count - before;
  return {
    storedPerSecond: (events * 1_000) / (lastMs - startedMs),
    cpuUs: ((cpuMsOf(box.pids) - boxCpuMs) * 1_000) / events,
    hubCpuUs: ((readProcess(hub.pid).cpuMs - hubCpuMs) * 1_000) / events,
  };
}

/** What a load was acknowledged, against what the stream of the hub has of it. */
async function countNumbers(natsUrl: string, peer: Peer, { acked }: LoadAnswer): Promise<Verdict> {
  const proof = createProof();
  const devices = new Set<string>();
  for (const [device, highest] of acked) {
    devices.add(device);
    for (let n = 1; n <= highest; n += 1) proof.sent(device, n);
  }
  await visitStream(natsUrl, peer.stream, (message) => {
    const number = peer.read(message);
    if (number && devices.has(number.device)) proof.stored(number.device, number.n);
  });
  return proof.verdict();
}
