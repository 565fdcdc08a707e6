/** What it costs to keep up with devices: one event, the memory, one save of the file, one start. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/app/system-clock.ts";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import type { EventOf, GatewayEvent } from "../../../src/core/event.ts";
import { eventIdOf, toDeviceId, toRunId, toSeq } from "../../../src/core/ids.ts";
import { DeviceRegistry } from "../../../src/gateway/registry/device-registry.ts";
import { RegistryFile, readRegistry } from "../../../src/gateway/registry/registry-file.ts";
import { createEventEncoder } from "../../support/event-encoder.ts";
import { silentLogger } from "../../support/silence.ts";
import { answer, readArguments } from "./answer.ts";
import type { RegistryAnswer, RegistryArguments } from "./reports.ts";
import { origin } from "./sample-event.ts";

const rounds = 10;

const { count, devices, folder } = readArguments<RegistryArguments>();
const nowMs = Date.now();
const id = eventIdOf(origin.gateway, toRunId("bench000"), toSeq(1));
const encode = createEventEncoder(origin);

function eventOf(n: number): EventOf<"measurement"> {
  return {
    kind: "measurement",
    device: toDeviceId(`freezer-${n % devices}`),
    timeMs: nowMs + n,
    receivedMs: nowMs + n,
    clock: "gateway",
    profile: "sluicegate/sim-freezer@1",
    data: [
      { name: "n", unit: "count", value: n, quality: "good" },
      { name: "temperature", unit: "Cel", value: -18 - (n % 7), quality: "good" },
      { name: "door", value: n % 3 === 0, quality: "good" },
      { name: "compressor", value: true, quality: "good" },
    ],
  };
}

/** Microseconds of this process for one event; the best of several rounds. */
function cost(take: (event: GatewayEvent, topic: string) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const begun = process.cpuUsage();
    for (const [n, event] of events.entries()) take(event, topics[n % devices] ?? "");
    const { system, user } = process.cpuUsage(begun);
    best = Math.min(best, (user + system) / events.length);
  }
  return best;
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Resolves with the longest that everything else had to wait while `work` ran. */
async function longestTurnMs(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let lastMs = performance.now();
  let isOver = false;
  const turn = (): void => {
    const atMs = performance.now();
    longest = Math.max(longest, atMs - lastMs);
    lastMs = atMs;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return longest;
}

const events = Array.from({ length: count }, (_, n) => eventOf(n));
const topics = Array.from({ length: devices }, (_, n) => `sim/freezer/freezer-${n}/telemetry`);
const registry = new DeviceRegistry();
const beforeBytes = heapBytes();
for (let n = 0; n < devices; n += 1) registry.note(eventOf(n), topics[n]);
const memoryBytes = heapBytes() - beforeBytes;
const withoutUs = cost((event) => encode(event, id));
const withUs = cost((event, topic) => {
  encode(event, id);
  registry.note(event, topic);
});
const aloneUs = cost((event, topic) => registry.note(event, topic));

const seq = toSeq(1);
const log = { lastSeq: seq, durableSeq: seq, onDurable: () => () => {} };
const facts = { folder, log, registry, clock: systemClock, disk: nodeDisk, logger: silentLogger };
const file = new RegistryFile({ ...facts, unread: () => undefined });
const saveStartedMs = performance.now();
const turnMs = await longestTurnMs(() => file.stop());
const saveMs = performance.now() - saveStartedMs;
const readStartedMs = performance.now();
const page = await readRegistry(nodeDisk, folder);
const readMs = performance.now() - readStartedMs;
if (page?.entries.length !== devices) throw new Error("the file has not all of the devices");
const fileBytes = statSync(join(folder, "registry.ndjson")).size;
const costs = { withoutUs, withUs, aloneUs };
answer({ ...costs, memoryBytes, saveMs, turnMs, fileBytes, readMs } satisfies RegistryAnswer);
