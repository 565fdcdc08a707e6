import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Origin, StoredEvent } from "../../src/core/event.ts";
import { eventIdOf, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import type { LogFields, Logger } from "../../src/core/logger.ts";
import { eventSubject } from "../../src/core/subject.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { type GatewayPosition, openGatewayReader } from "../../src/stream/gateway-reader.ts";
import type { Tear } from "../../src/stream/seen-records.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import {
  makeGatewayStream,
  origin,
  publishRecords,
  reading,
  startMs,
  stream,
} from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";

const runA = "aaaaaaaa";
const runB = "bbbbbbbb";

/** Readings numbered by their value. */
const readings = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => reading("f1", from + index, from + index));

function ids(events: readonly StoredEvent[]): string[] {
  return events.map(({ position }) => `${position.run[0]}${position.seq}`);
}

function span(run: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${run[0]}${from + index}`);
}

/** A reader with everything it has handed out so far. */
function startReading(backbone: Backbone, from?: GatewayPosition, logger: Logger = silentLogger) {
  const stop = new AbortController();
  const reader = openGatewayReader(stream, from, stop.signal, {
    backbone,
    clock: systemClock,
    random: Math.random,
    logger,
    metrics: silentMetrics,
    messagesInFlight: () => 2_000,
  });
  const events: StoredEvent[] = [];
  const positions: GatewayPosition[] = [];
  const tears: Tear[] = [];
  const strays: string[] = [];
  const ended = (async () => {
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      events.push(...batch.events);
      if (batch.tear) tears.push(batch.tear);
      strays.push(...batch.strays.map(({ where }) => where));
      if (batch.position) positions.push(batch.position);
    }
  })();
  const end = async (): Promise<GatewayPosition | undefined> => {
    stop.abort();
    await ended;
    const position = positions.at(-1) ?? from;
    // As it would come back from storage.
    return position && JSON.parse(JSON.stringify(position));
  };
  onTestFinished(async () => {
    await end();
  });
  const reads = (count: number) =>
    expect.poll(() => events.length, { timeout: 20_000 }).toBe(count);
  return { events, strays, tears, end, reads };
}

async function setUp() {
  const server = await natsServer();
  const options = backboneOptionsFor(server.url);
  const backbone = testBackbone(server.url);
  const connection = await connectionOf(backbone);
  await makeGatewayStream(connection, options);
  return { server, options, backbone, connection };
}

/** Makes the stream let go of everything before a message, as age does. */
async function expire(manager: JetStreamManager, before: number): Promise<void> {
  const { config, state } = await manager.streams.info(stream);
  await manager.streams.update(stream, { ...config, max_msgs: state.last_seq - before + 1 });
  await manager.streams.update(stream, { ...config, max_msgs: -1 });
}

describe("gateway reader", () => {
  test("takes nothing that its place denies, so that no gateway speaks for another", async () => {
    const { backbone, connection } = await setUp();
    const [event] = readings(1, 1);
    if (!event) throw new Error("no reading");
    const subject = eventSubject({ ...origin, device: event.device, kind: event.kind });
    const other = { ...origin, gateway: toGatewayId("gw2") };
    const put = async (
      from: Origin,
      natsSubject: string,
      {
        named,
        seq,
        change = (text) => text,
      }: {
        readonly seq: number;
        readonly named?: string;
        readonly change?: (text: string) => string;
      },
    ): Promise<void> => {
      const id = eventIdOf(from.gateway, toRunId(runA), toSeq(seq));
      const carried = headers();
      carried.set("Ce-Id", named ?? id);
      const text = change(createEventEncoder(from)(event, id));
      await jetstream(connection).publish(natsSubject, text, { headers: carried });
    };
    await put(origin, subject, { seq: 1 });
    await put(other, subject, { seq: 1_000 });
    await put({ ...origin, site: toSiteId("plant-b") }, subject, { seq: 1_001, named: "x" });
    await put(origin, subject.replace("f1", "f2"), { seq: 1_002, named: "x" });
    await put(origin, subject.replace("measurement", "status"), { seq: 1_003, named: "x" });
    await put(origin, subject, { seq: 1_004, named: `gw2.${runA}.1004` });
    const renamed = (text: string): string => text.replace('"subject":"f1"', '"subject":"f2"');
    await put(origin, subject, { seq: 1_005, named: "x", change: renamed });
    await put(origin, subject, { seq: 2 });

    const reader = startReading(backbone);
    await reader.reads(2);

    expect(ids(reader.events)).toEqual(["a1", "a2"]);
    expect(reader.strays).toHaveLength(6);
  });

  test("goes on exactly behind the position it is given", async () => {
    const { backbone, connection } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 30));
    const first = startReading(backbone);
    await first.reads(30);
    const position = await first.end();
    await publishRecords(connection, runA, 31, readings(31, 40));
    await publishRecords(connection, runB, 41, readings(41, 45));

    const second = startReading(backbone, position);
    await second.reads(15);

    expect(ids(second.events)).toEqual([...span(runA, 31, 40), ...span(runB, 41, 45)]);
  });

  test("reads ten thousand records in order", async () => {
    const { backbone, connection } = await setUp();
    const client = jetstream(connection);
    const body = (seq: number): string =>
      JSON.stringify({
        specversion: "1.0",
        id: `gw1.${runA}.${seq}`,
        source: "/plant-a/gw1/f1",
        type: "io.sluicegate.measurement.v1",
        time: new Date(startMs).toISOString(),
        received: new Date(startMs).toISOString(),
        clock: "device",
        data: [{ n: "temperature", v: seq }],
      });
    const subject = `ev.${origin.site}.${origin.gateway}.f1.measurement`;
    for (let seq = 1; seq < 10_000; seq += 1) connection.publish(subject, body(seq));
    await client.publish(subject, body(10_000));

    const reader = startReading(backbone);
    await reader.reads(10_000);

    expect(ids(reader.events)).toEqual(span(runA, 1, 10_000));
  });

  test("takes no more messages ahead than it is told", async () => {
    const { backbone, connection } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 600));
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const reader = openGatewayReader(stream, undefined, stop.signal, {
      backbone,
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
      metrics: silentMetrics,
      messagesInFlight: () => 20,
    });

    const batch = await reader.next();

    expect(batch?.events.length).toBeLessThanOrEqual(20);
    const manager = await jetstreamManager(connection);
    for await (const { delivered } of manager.consumers.list(stream))
      expect(delivered.consumer_seq).toBeLessThanOrEqual(100);
  });

  test("passes over messages that are no events", async () => {
    const { backbone, connection } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 2));
    await jetstream(connection).publish("ev.plant-a.gw1.f1.measurement", "by hand");
    await publishRecords(connection, runA, 3, readings(3, 4));

    const reader = startReading(backbone);
    await reader.reads(4);

    expect(ids(reader.events)).toEqual(span(runA, 1, 4));
    expect(reader.strays).toEqual(["message 3"]);
  });

  test("names each message that is no event once, whether it came last or not", async () => {
    const { backbone, connection } = await setUp();
    const errors: string[] = [];
    const logger: Logger = { ...silentLogger, error: (message) => errors.push(message) };
    const publish = (body: string, id?: string) => {
      const carried = headers();
      if (id !== undefined) carried.set("Ce-Id", id);
      return jetstream(connection).publish("ev.plant-a.gw1.f1.measurement", body, {
        headers: carried,
      });
    };
    await publishRecords(connection, runA, 1, readings(1, 2));
    await publish("{}", `gw1.${runA}.3`);
    await publishRecords(connection, runA, 4, readings(4, 4));
    await publish("{}", `gw1.${runA}.5`);
    await publish("by hand");
    const first = startReading(backbone, undefined, logger);
    await expect.poll(() => first.strays).toEqual([`${runA}.3`, `${runA}.5`, "message 6"]);
    const position = await first.end();

    await publish("by hand");
    await publishRecords(connection, runA, 6, readings(6, 6));
    const second = startReading(backbone, position, logger);
    await second.reads(1);

    expect(second.strays).toEqual(["message 7"]);
    expect(errors).toEqual([]);
  });

  test("hands nothing out twice when the stream comes back from an older copy", async () => {
    const folder = await tempFolder();
    const copy = join(await tempFolder(), "copy");
    let server = await startNatsServer({ folder });
    onTestFinished(() => server.kill());
    const { port, url } = server;
    const options = backboneOptionsFor(url);
    const backbone = testBackbone(url);
    await makeGatewayStream(await connectionOf(backbone), options);
    await publishRecords(await connectionOf(backbone), runA, 1, readings(1, 20));
    await server.stop();
    await cp(join(folder, "jetstream"), copy, { recursive: true });
    server = await startNatsServer({ folder, port });
    await publishRecords(await connectionOf(backbone), runA, 21, readings(21, 40));
    await publishRecords(await connectionOf(backbone), runB, 41, readings(41, 60));
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
    const reader = startReading(backbone, undefined, logger);
    await reader.reads(60);

    await server.kill();
    await rm(join(folder, "jetstream"), { recursive: true });
    await cp(copy, join(folder, "jetstream"), { recursive: true });
    server = await startNatsServer({ folder, port });
    const connection = await connectionOf(backbone);
    await expect
      .poll(() => warnings, { timeout: 20_000 })
      .toEqual(["a stream is not the one that was read; going on where it is new"]);
    // The gateway sends again what was lost, and goes on.
    await publishRecords(connection, runA, 21, readings(21, 40));
    await publishRecords(connection, runB, 41, readings(41, 70));
    await reader.reads(70);

    expect(ids(reader.events)).toEqual([...span(runA, 1, 40), ...span(runB, 41, 70)]);
  });

  test("finds the first unread record in a stream that was created anew", async () => {
    const { backbone, connection, options } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 25));
    const first = startReading(backbone);
    await first.reads(25);
    const position = await first.end();
    const manager = await jetstreamManager(connection);
    await manager.streams.delete(stream);
    await makeGatewayStream(connection, options);
    // What the gateway still holds begins before the position and ends behind it.
    await publishRecords(connection, runA, 11, readings(11, 40));

    const second = startReading(backbone, position);
    await second.reads(15);

    expect(ids(second.events)).toEqual(span(runA, 26, 40));
  });

  test("notices while it waits that the stream was created anew", async () => {
    const { backbone, connection, options } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 5));
    const reader = startReading(backbone);
    await reader.reads(5);

    const manager = await jetstreamManager(connection);
    await manager.streams.delete(stream);
    await makeGatewayStream(connection, options);
    await publishRecords(connection, runA, 1, readings(1, 9));
    await reader.reads(9);

    expect(ids(reader.events)).toEqual(span(runA, 1, 9));
  });

  test("says where records expired before they were read", async () => {
    const { backbone, connection } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 10));
    const first = startReading(backbone);
    await first.reads(10);
    const position = await first.end();
    await publishRecords(connection, runA, 11, readings(11, 20));
    const manager = await jetstreamManager(connection);
    await expire(manager, 15);
    const errors: string[] = [];
    const logger: Logger = { ...silentLogger, error: (message) => errors.push(message) };

    const second = startReading(backbone, position, logger);
    await second.reads(6);
    await publishRecords(connection, runA, 21, readings(21, 22));
    await second.reads(8);

    expect(ids(second.events)).toEqual(span(runA, 15, 22));
    expect(second.tears).toEqual([
      { after: { run: runA, seq: 10 }, before: { run: runA, seq: 15 } },
    ]);
    expect(errors).toEqual(["records are gone from a stream before they were read"]);
  });

  test("says where a stream that was created anew begins too late", async () => {
    const { backbone, connection, options } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 25));
    const first = startReading(backbone);
    await first.reads(25);
    const position = await first.end();
    const manager = await jetstreamManager(connection);
    await manager.streams.delete(stream);
    await makeGatewayStream(connection, options);
    await publishRecords(connection, runA, 31, readings(31, 40));

    const second = startReading(backbone, position);
    await second.reads(10);

    expect(second.tears).toEqual([
      { after: { run: runA, seq: 25 }, before: { run: runA, seq: 31 } },
    ]);
  });

  test("sees nothing torn where what was read expired, and nothing else", async () => {
    const { backbone, connection } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 10));
    const first = startReading(backbone);
    await first.reads(10);
    const position = await first.end();
    await publishRecords(connection, runA, 11, readings(11, 12));
    await expire(await jetstreamManager(connection), 11);

    const second = startReading(backbone, position);
    await second.reads(2);

    expect(ids(second.events)).toEqual(span(runA, 11, 12));
    expect(second.tears).toEqual([]);
  });

  test("hands out what stands beside an event whose body is nonsense", async () => {
    const { backbone, connection } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 2));
    const body = {
      specversion: "1.0",
      id: `gw1.${runA}.3`,
      source: "/plant-a/gw1",
      type: "io.sluicegate.gap.v1",
      time: new Date(startMs).toISOString(),
      received: new Date(startMs).toISOString(),
      clock: "gateway",
      data: {},
    };
    await jetstream(connection).publish("ev.plant-a.gw1.=.gap", JSON.stringify(body));
    await publishRecords(connection, runA, 4, readings(4, 5));

    const reader = startReading(backbone);
    await reader.reads(4);

    expect(ids(reader.events)).toEqual([...span(runA, 1, 2), ...span(runA, 4, 5)]);
    expect(reader.strays).toEqual(["message 3"]);
  });

  test("reads a gateway that began its log anew, although its numbers begin at 1", async () => {
    const { backbone, connection } = await setUp();
    await publishRecords(connection, runA, 1, readings(1, 10));
    const first = startReading(backbone);
    await first.reads(10);
    const position = await first.end();
    await publishRecords(connection, runB, 1, readings(1, 3));

    const second = startReading(backbone, position);
    await second.reads(3);

    expect(ids(second.events)).toEqual(span(runB, 1, 3));
  });

  test("reports records that are missing, and none that a gap event declares", async () => {
    const { backbone, connection } = await setUp();
    const errors: LogFields[] = [];
    const logger: Logger = { ...silentLogger, error: (_, fields) => errors.push(fields ?? {}) };
    await publishRecords(connection, runA, 1, readings(1, 2));
    await publishRecords(connection, runA, 6, readings(6, 6));
    await publishRecords(connection, runA, 9, [
      {
        ...reading("f1", 0, 9),
        kind: "gap",
        device: null,
        data: {
          ranges: [
            {
              run: toRunId(runA),
              from: toSeq(3),
              to: toSeq(5),
              count: 3,
              class: "telemetry",
              reason: "dropped-full",
            },
          ],
        },
      },
    ]);

    const reader = startReading(backbone, undefined, logger);
    await reader.reads(4);

    await expect.poll(() => errors.length, { timeout: 20_000 }).toBe(1);
    expect(errors[0]).toMatchObject({ from: 7, to: 8 });
  });
});
