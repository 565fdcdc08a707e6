import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import type { Logger } from "../../src/core/logger.ts";
import { alertsStream, checkpointsBucket } from "../../src/core/subject.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import type { CreateEngine } from "../../src/processor/engine.ts";
import { processorOptions } from "../../src/processor/options.ts";
import type { Processor } from "../../src/processor/processor.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { openBucket } from "../../src/stream/kv.ts";
import { countTransitions, storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import {
  makeGatewayStream,
  publishRecords,
  reading,
  startMs,
  storedEvent,
  stream,
} from "../support/gateway-stream.ts";
import { savedUpTo } from "../support/has-saved.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";
import { startProcessor } from "../support/start-processor.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { unfencedBackbone } from "../support/unfenced.ts";

const run = "aaaaaaaa";
/** Readings of three devices that go up and down; each change is a transition. */
function waves(from: number, to: number): GatewayEvent[] {
  const events: GatewayEvent[] = [];
  for (let seq = from; seq <= to; seq += 1)
    events.push(reading(`f${seq % 3}`, Math.floor(seq / 6) % 2, seq));
  return events;
}

function expectedIds(events: readonly GatewayEvent[]): string[] {
  const engine = createCountingEngine();
  return events.flatMap((event, index) =>
    engine.feed(storedEvent(event, run, index + 1)).map(({ id }) => id),
  );
}

async function storedIds(connection: NatsConnection): Promise<string[]> {
  return (await storedTransitions(connection)).map(({ id }) => id);
}

function readUpTo(processor: Processor): number | undefined {
  return processor.state().partitions[0]?.gateways[0]?.readUpTo;
}

const reads = (processor: Processor, streamSeq: number) =>
  expect.poll(() => readUpTo(processor), { timeout: 30_000 }).toBe(streamSeq);

async function setUp() {
  const server = await natsServer();
  const backbone = testBackbone(server.url);
  const connection = await connectionOf(backbone);
  await makeGatewayStream(connection, backboneOptionsFor(server.url));
  return { server, backbone, connection };
}

describe("processor", () => {
  test("stores each transition of the rules once, in order per instance", async () => {
    const { server, backbone, connection } = await setUp();
    await publishRecords(connection, run, 1, waves(1, 60));

    await reads(startProcessor(server.url, { backbone }), 60);

    const stored = await storedTransitions(connection);
    expect(stored.map(({ id }) => id).sort()).toEqual(expectedIds(waves(1, 60)).sort());
    for (const device of ["f0", "f1", "f2"]) {
      const own = stored.filter(({ labels }) => labels["device"] === device);
      const order = own.map(({ started_at, n }) => `${started_at} ${n}`);
      expect(order).toEqual([...order].sort());
    }
  });

  test("goes on from its checkpoint after a stop", async () => {
    const { server, backbone, connection } = await setUp();
    await publishRecords(connection, run, 1, [reading("f1", 1, 1)]);
    const first = startProcessor(server.url, { backbone });
    await reads(first, 1);
    await first.stop();
    expect(await savedUpTo(server.url, backbone)).toBe(1);
    await publishRecords(connection, run, 2, [reading("f1", 0, 2)]);

    await reads(startProcessor(server.url, { backbone }), 2);

    // Without what the first one remembered, the second would not know that anything fires.
    expect((await storedTransitions(connection)).map(({ state }) => state)).toEqual([
      "firing",
      "ended",
    ]);
  });

  test("stores the same transitions once however often it is cut off", async () => {
    const { server, connection } = await setUp();
    const total = 240;
    const publishing = (async () => {
      for (let seq = 1; seq <= total; seq += 20)
        await publishRecords(connection, run, seq, waves(seq, seq + 19));
    })();
    for (let cut = 1; cut <= 6; cut += 1) {
      // Nothing it does after this reaches the server: no checkpoint, no append, no answer.
      const backbone = testBackbone(server.url, `cut-${cut}`);
      const processor = startProcessor(server.url, { backbone });
      await expect
        .poll(() => readUpTo(processor) ?? 0, { timeout: 30_000, interval: 5 })
        .toBeGreaterThanOrEqual(Math.min(total, cut * 35));
      await backbone.close();
      await processor.stop();
    }
    await publishing;

    await reads(startProcessor(server.url, { backbone: testBackbone(server.url) }), total);

    expect((await storedIds(connection)).sort()).toEqual(expectedIds(waves(1, total)).sort());
  });

  test("appends nothing twice while two of them hold the same partition", async () => {
    const { server, backbone, connection } = await setUp();
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
    const one = startProcessor(server.url, { backbone, logger });
    const other = startProcessor(server.url, {
      backbone: testBackbone(server.url, "other"),
      logger,
    });
    const total = 600;
    for (let seq = 1; seq <= total; seq += 20)
      await publishRecords(connection, run, seq, waves(seq, seq + 19));

    await expect
      .poll(() => Math.max(readUpTo(one) ?? 0, readUpTo(other) ?? 0), { timeout: 30_000 })
      .toBe(total);
    await expect
      .poll(() => warnings.some((line) => line.includes("another process")), { timeout: 30_000 })
      .toBe(true);

    expect((await storedIds(connection)).sort()).toEqual(expectedIds(waves(1, total)).sort());
  });

  test("control: without the fence two of them store the same transitions twice", async () => {
    const { server, backbone, connection } = await setUp();
    await publishRecords(connection, run, 1, waves(1, 60));
    // No checkpoint is due, so neither learns of the other.
    const options = processorOptions.parse({ checkpoint_every: "5m", discover_every: "100ms" });
    const others = testBackbone(server.url, "other");
    const start = (each: Backbone) =>
      startProcessor(server.url, { backbone: unfencedBackbone(each, "alert."), options });
    const one = start(backbone);
    const other = start(others);

    await reads(one, 60);
    await reads(other, 60);

    const ids = await storedIds(connection);
    expect(ids.length).toBeGreaterThan(new Set(ids).size);
  });

  test("sets an event aside that the rules fail on, and goes on", async () => {
    const { server, backbone, connection } = await setUp();
    const errors: string[] = [];
    const logger: Logger = { ...silentLogger, error: (message) => errors.push(message) };
    await publishRecords(connection, run, 1, [
      reading("f1", 1, 1),
      reading("f1", 999, 2),
      reading("f1", 0, 3),
    ]);

    const first = startProcessor(server.url, { backbone, logger });
    await reads(first, 3);

    expect(await storedTransitions(connection)).toHaveLength(2);
    expect(errors).toEqual(["the rules fail on an event; it is set aside"]);

    // Who comes next knows of it, and does not meet it again.
    await first.stop();
    const second = startProcessor(server.url, { backbone, logger });
    await reads(second, 3);
    expect(errors).toHaveLength(1);
    expect(second.state().partitions[0]?.mishaps).toMatchObject({
      counts: { "event-set-aside": 1 },
      latest: [{ stream, where: `${run}.2`, reason: "Error: 999 is too much" }],
    });
  });

  test("keeps note of messages that are no events, each once", async () => {
    const { server, backbone, connection } = await setUp();
    const subject = "ev.plant-a.gw1.f1.measurement";
    await publishRecords(connection, run, 1, [reading("f1", 1, 1)]);
    for (const body of ["by hand", "{}", JSON.stringify({ id: "gw1.aaaaaaaa.2", type: "x" })])
      await jetstream(connection).publish(subject, body);
    const named = {
      counts: { "message-unreadable": 3, "event-set-aside": 0 },
      latest: [
        { kind: "message-unreadable", stream, where: "message 2", reason: "not JSON" },
        { where: "message 3", reason: "id is not <gateway>.<run>.<seq>" },
        { where: "message 4", reason: "type x is not known" },
      ],
    };
    const mishapsOf = (processor: Processor) => processor.state().partitions[0]?.mishaps;

    const first = startProcessor(server.url, { backbone });
    await expect.poll(() => mishapsOf(first), { timeout: 30_000 }).toMatchObject(named);
    await first.stop();
    const second = startProcessor(server.url, { backbone });
    await publishRecords(connection, run, 2, [reading("f1", 0, 2)]);
    await reads(second, 5);

    expect(mishapsOf(second)).toMatchObject(named);
    expect(await storedTransitions(connection)).toHaveLength(2);
  });

  test("writes no checkpoint after a batch that was not finished", async () => {
    const { server, backbone, connection } = await setUp();
    let hasFailed = false;
    const createEngine: CreateEngine = (snapshot) => {
      const engine = createCountingEngine(snapshot);
      return {
        ...engine,
        feed(event) {
          const drafts = engine.feed(event);
          if (hasFailed || event.position.seq !== 3) return drafts;
          hasFailed = true;
          // The engine remembers the event as taken; what it found out gets lost on the way.
          const observed = drafts.map((draft) => ({
            ...draft,
            get at(): string {
              throw new Error("power cut in the middle");
            },
          }));
          return observed;
        },
      };
    };
    // The first batch waits for its checkpoint when the second fails.
    const options = processorOptions.parse({ checkpoint_every: "3s", discover_every: "100ms" });
    await publishRecords(connection, run, 1, [reading("f1", 1, 1), reading("f2", 1, 2)]);
    const processor = startProcessor(server.url, { backbone, createEngine, options });
    await reads(processor, 2);
    await publishRecords(connection, run, 3, [reading("f3", 1, 3)]);

    await reads(processor, 3);

    expect(hasFailed).toBe(true);
    expect((await storedTransitions(connection)).map(({ labels }) => labels["device"])).toEqual([
      "f1",
      "f2",
      "f3",
    ]);
  });

  test("makes the alerts stream anew when somebody removes it, and fills it again", async () => {
    const { server, backbone, connection } = await setUp();
    await publishRecords(connection, run, 1, waves(1, 30));
    const processor = startProcessor(server.url, { backbone });
    await reads(processor, 30);
    const ids = await storedIds(connection);

    const { streams } = await jetstreamManager(connection);
    await streams.delete(alertsStream);
    await expect.poll(() => countTransitions(connection), { timeout: 30_000 }).toBe(ids.length);
    expect((await storedIds(connection)).sort()).toEqual(ids.sort());

    await streams.delete(alertsStream);
    await publishRecords(connection, run, 31, waves(31, 60));
    await reads(processor, 60);
    expect((await storedIds(connection)).sort()).toEqual(expectedIds(waves(1, 60)).sort());
  });

  test("writes checkpoints again after somebody removed them", async () => {
    const { server, backbone, connection } = await setUp();
    await publishRecords(connection, run, 1, waves(1, 30));
    const processor = startProcessor(server.url, { backbone });
    await reads(processor, 30);
    const { streams } = await jetstreamManager(connection);
    const checkpoints = `KV_${checkpointsBucket}`;
    const isWritten = async () => (await streams.info(checkpoints)).state.messages > 0;
    await expect.poll(isWritten, { timeout: 30_000 }).toBe(true);

    await streams.delete(checkpoints);
    await publishRecords(connection, run, 31, waves(31, 60));

    await expect
      .poll(() => isWritten().catch(() => false), { timeout: 30_000, interval: 100 })
      .toBe(true);
    await reads(processor, 60);
    expect((await storedIds(connection)).sort()).toEqual(expectedIds(waves(1, 60)).sort());
  });

  test("reads everything held again where a part of its checkpoint is gone, and says so", async () => {
    const { server, backbone, connection } = await setUp();
    const errors: (readonly [string, unknown])[] = [];
    const logger: Logger = {
      ...silentLogger,
      error: (message, fields) => errors.push([message, fields?.["reason"]]),
    };
    await publishRecords(connection, run, 1, waves(1, 30));
    const first = startProcessor(server.url, { backbone, logger });
    await reads(first, 30);
    await first.stop();
    expect(errors).toEqual([]);
    const bucket = await openBucket(connection, checkpointsBucket, 1);
    // Parts that were replaced may still be there.
    const parts = (await bucket.keys("rules.>")).filter((name) => name.includes(".all.0."));
    for (const part of parts) await bucket.remove(part);
    await publishRecords(connection, run, 31, waves(31, 60));

    const second = startProcessor(server.url, { backbone, logger });
    await reads(second, 60);

    expect(errors).toEqual([
      [
        "a checkpoint cannot be used; everything held is read again",
        expect.stringContaining("all.0"),
      ],
    ]);
    expect((await storedIds(connection)).sort()).toEqual(expectedIds(waves(1, 60)).sort());
    // The next one is whole again.
    await second.stop();
    await reads(startProcessor(server.url, { backbone, logger }), 60);
    expect(errors).toHaveLength(1);
  });

  test("tells the rules of records that expired before they were read", async () => {
    const { server, backbone, connection } = await setUp();
    await publishRecords(connection, run, 1, [reading("f1", 1, 1)]);
    const first = startProcessor(server.url, { backbone });
    await reads(first, 1);
    await first.stop();
    await publishRecords(connection, run, 2, [reading("f1", 0, 2), reading("f1", 1, 3)]);
    const { streams } = await jetstreamManager(connection);
    const { config } = await streams.info(stream);
    await streams.update(stream, { ...config, max_msgs: 1 });

    const second = startProcessor(server.url, { backbone });
    await reads(second, 3);

    // The engine of these tests forgets what fires, so it fires again.
    expect((await storedTransitions(connection)).map(({ state }) => state)).toEqual([
      "firing",
      "firing",
    ]);
    expect(second.state().partitions[0]?.mishaps).toMatchObject({
      counts: { "records-gone": 1 },
      latest: [{ stream, where: `${run}.1..${run}.3` }],
    });
  });

  test("marks as late what it learns long after it happened", async () => {
    const { server, backbone, connection } = await setUp();
    const clock: Clock = { ...systemClock, wallMs: () => startMs + 302_000 };
    await publishRecords(connection, run, 1, [
      reading("f1", 1, 1),
      reading("f2", 1, 3),
      reading("f1", 0, 4),
    ]);

    await reads(startProcessor(server.url, { backbone, clock }), 3);

    const stored = await storedTransitions(connection);
    const byInstance = (device: string) =>
      stored.filter(({ labels }) => labels["device"] === device).map(({ late }) => late);
    expect(byInstance("f1")).toEqual([true, false]);
    expect(byInstance("f2")).toEqual([false]);
    expect(stored[0]?.observed_at).toBe("2026-11-21T14:05:02.000Z");
  });

  test("appends again what the alerts stream lost after it was confirmed", async () => {
    const folder = await tempFolder();
    const copy = join(await tempFolder(), "copy");
    let server = await startNatsServer({ folder });
    onTestFinished(() => server.kill());
    const { port, url } = server;
    const backbone = testBackbone(url);
    await makeGatewayStream(await connectionOf(backbone), backboneOptionsFor(url));
    await publishRecords(await connectionOf(backbone), run, 1, waves(1, 24));
    const processor = startProcessor(server.url, { backbone });
    await reads(processor, 24);
    await server.stop();
    await cp(join(folder, "jetstream"), copy, { recursive: true });
    server = await startNatsServer({ folder, port });
    await publishRecords(await connectionOf(backbone), run, 25, waves(25, 48));
    await reads(processor, 48);
    const ids = await storedIds(await connectionOf(backbone));
    expect(ids.sort()).toEqual(expectedIds(waves(1, 48)).sort());

    // Only the alerts come back older; positions and checkpoints are as they were.
    await server.stop();
    const alerts = join("jetstream", "$G", "streams", "ALERTS");
    await rm(join(folder, "jetstream", alerts), { recursive: true });
    await cp(join(copy, alerts), join(folder, "jetstream", alerts), { recursive: true });
    server = await startNatsServer({ folder, port });
    const connection = await connectionOf(backbone);

    await expect.poll(() => countTransitions(connection), { timeout: 30_000 }).toBe(ids.length);
    expect((await storedIds(connection)).sort()).toEqual(ids.sort());
  });

  test("waits for gateways that appear later", async () => {
    const server = await natsServer();
    const backbone = testBackbone(server.url);
    const processor = startProcessor(server.url, { backbone });
    const connection = await connectionOf(backbone);
    expect(processor.state().partitions).toEqual([]);

    await makeGatewayStream(connection, backboneOptionsFor(server.url));
    await publishRecords(connection, run, 1, [reading("f1", 1, 1)]);
    await reads(processor, 1);

    expect(processor.state().partitions[0]?.gateways[0]).toMatchObject({ stream, site: "plant-a" });
  });
});
