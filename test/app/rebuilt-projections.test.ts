/** What is made of the streams can be deleted: what is made of them again is the same. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { expect, onTestFinished, test } from "vitest";
import { AlertBoard } from "../../src/alerts/alert-board.ts";
import { openRegistry } from "../../src/app/open-registry.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { type DerivedValue, decodeDerived } from "../../src/core/derived-value.ts";
import { inSlices } from "../../src/core/in-slices.ts";
import { silentLogger } from "../../src/core/logger.ts";
import {
  alertsStream,
  allAlerts,
  checkpointsBucket,
  derivedStream,
  partitionOf,
} from "../../src/core/subject.ts";
import type { DeviceEntry } from "../../src/gateway/registry/device-entry.ts";
import { createCheckpointStore } from "../../src/processor/checkpoint.ts";
import { openRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { readAlertHeads } from "../../src/stream/alert-heads.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { GatewayScript, minutes, ruleSet, s } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor } from "../support/backbone.ts";
import { origin, publishRecords, stream } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { startProcessor } from "../support/start-processor.ts";
import { tempFolder } from "../support/temp-folder.ts";

const patient = { timeout: 60_000 };

/** Two devices for ten minutes: warm and cold again, away and back, some of it late. */
function tenMinutes(): GatewayScript {
  const script = new GatewayScript().device("f1").device("f2");
  script.status("f1", 0, { state: "online", cause: "connect" });
  for (let n = 0; n < 60; n += 1) {
    const atMs = n * 10 * s;
    script.sample("f1", atMs, n % 30 < 15 ? -10 : -20);
    if (n % 7 === 3) script.sample("f2", atMs - 90 * s, n, { receivedMs: atMs });
    else script.sample("f2", atMs, -20);
    script.watermark(atMs);
  }
  script.status("f2", 10 * minutes, { state: "offline", cause: "keepalive" });
  return script.watermark(11 * minutes);
}

const rules = ruleSet(
  {
    alert: "FreezerWarm",
    select: { metric: "temperature" },
    condition: { threshold: { above: -15 } },
    for: "30s",
    severity: "warning",
    annotations: { summary: "{{ device.name }} is warm" },
  },
  { record: "temperature_minute", select: { metric: "temperature" }, agg: "avg", every: "1m" },
);

/** The values of each series in their order; between series there is none. */
async function derivedOf(connection: NatsConnection): Promise<readonly DerivedValue[]> {
  const values: DerivedValue[] = [];
  await readWholeStream(connection, derivedStream, ({ body }) => {
    const value = decodeDerived(new TextDecoder().decode(body));
    if (value) values.push(value);
  });
  return values.sort((one, other) => compare(one.device ?? "", other.device ?? ""));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

test("alerts, derived series and checkpoints are the same after all three were deleted", async () => {
  const { url, backbone, connection } = await setUpStreams();
  const { events } = tenMinutes();
  await publishRecords(connection, "aaaaaaaa", 1, events);
  const options = backboneOptionsFor(url);
  const partition = partitionOf(origin.site);

  const makeAll = async () => {
    const processor = startProcessor(url, {
      backbone,
      createEngine: (memory) =>
        inSlices(
          openRuleEngine(rules, memory && joinMemory(memory.head, memory.parts)),
          systemClock,
        ),
    });
    const store = createCheckpointStore(partition, backbone, options, Math.random);
    const load = () => store.load(new AbortController().signal);
    const savedUpTo = async () => (await load()).checkpoint?.positions[stream]?.mark.streamSeq;
    await expect.poll(savedUpTo, patient).toBe(events.length);
    await processor.stop();
    const { checkpoint } = await load();
    const transitions = await storedTransitions(connection);
    transitions.sort((one, other) => compare(one.instance, other.instance));
    const board = new AlertBoard();
    for (const [streamSeq, transition] of transitions.entries())
      board.take({ transition, streamSeq });
    const heads: string[] = [];
    await readAlertHeads(connection, allAlerts, ({ id }) => heads.push(id));
    return {
      transitions: transitions.map(({ observed_at: _, late: __, ...data }) => data),
      listed: [...board.views(Date.now())].map(({ instance, state }) => ({ instance, state })),
      heads: heads.sort(),
      derived: await derivedOf(connection),
      positions: checkpoint?.positions,
      memory: checkpoint?.memory,
    };
  };

  const before = await makeAll();
  expect(before.transitions.map(({ state }) => state)).toContain("ended");
  expect(before.derived.length).toBeGreaterThan(10);
  expect(before.memory).toBeDefined();
  const { streams } = await jetstreamManager(connection);
  for (const name of [alertsStream, derivedStream, `KV_${checkpointsBucket}`])
    await streams.delete(name);

  expect(await makeAll()).toEqual(before);
  // And nothing is added where only the checkpoints are gone.
  await streams.delete(`KV_${checkpointsBucket}`);
  expect(await makeAll()).toEqual(before);
}, 120_000);

test("the registry of a gateway is the same after its file was deleted and its log let go", async () => {
  const { backbone, connection } = await setUpStreams();
  const { events } = tenMinutes();
  await publishRecords(connection, "aaaaaaaa", 1, events);
  const folder = await tempFolder();
  const open = async () => {
    const log = new MemoryLog(origin);
    const surroundings = {
      clock: systemClock,
      disk: nodeDisk,
      folder,
      log,
      logger: silentLogger,
      origin,
    };
    const opened = await openRegistry(surroundings);
    onTestFinished(() => opened.stop());
    return opened;
  };
  const contentOf = (all: Iterable<DeviceEntry>) =>
    [...all].map(({ edition: _, ...entry }) => ({ ...entry, values: [...entry.values] }));
  const first = await open();
  for (const event of events) first.note(event);
  const before = contentOf(first.registry.all());
  expect(before).toHaveLength(2);
  await first.stop();
  await rm(join(folder, "registry.ndjson"), { force: true });

  const second = await open();
  expect(contentOf(second.registry.all())).toEqual([]);
  second.start(backbone);

  await expect.poll(() => contentOf(second.registry.all()), patient).toEqual(before);
});
