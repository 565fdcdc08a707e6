/** A bridge with a real Kafka; run by npm run test:bridge. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KafkaMessage } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { readSetAside } from "../../src/stream/bridge-aside.ts";
import { testBackbone } from "../support/backbone.ts";
import { startBridge } from "../support/bridging.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { hasKafka, type KafkaProgram, startKafka } from "../support/kafka-program.ts";
import { readTopic } from "../support/read-topic.ts";

const patient = { timeout: 60_000 };

const readings = (count: number, from = 0): GatewayEvent[] =>
  Array.from({ length: count }, (_, at) => reading(`f${at % 3}`, from + at, from + at));

const idsOf = (messages: readonly KafkaMessage[]): string[] =>
  messages.map(({ headers }) => String(headers?.["ce_id"]));

describe.skipIf(!hasKafka)("a bridge to Kafka", () => {
  let folder: string;
  let kafka: KafkaProgram;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluicegate-kafka-"));
    kafka = await startKafka(folder);
  }, 180_000);
  afterAll(async () => {
    await kafka?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const target = (name: string, more: object = {}) => ({
    ...{
      name,
      kind: "kafka",
      brokers: [kafka.address],
      topic: name,
      positions_topic: `${name}.at`,
    },
    ...more,
  });

  test("writes each event as a CloudEvent in binary mode, its device as the key", async () => {
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, [reading("f1", 1.5, 0)]);

    const bridge = startBridge(backbone, url, [target("shape")]);
    await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(1);

    const [message] = await readTopic(kafka, "shape", 1);
    expect(message?.key?.toString()).toBe("f1");
    expect(message?.value?.toString()).toBe('[{"n":"temperature","u":"Cel","v":1.5}]');
    const headers = Object.entries(message?.headers ?? {}).map(([key, value]) => [key, `${value}`]);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/senml+json",
      ce_specversion: "1.0",
      ce_id: "gw1.aaaaaaaa.1",
      ce_source: "/plant-a/gw1/f1",
      ce_type: "io.sluicegate.measurement.v1",
    });
  });

  test("goes on where Kafka has it, also where our own positions are older", async () => {
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(30));
    const first = startBridge(backbone, url, [target("again")]);
    await expect.poll(() => first.state().targets[0]?.carried, patient).toBe(30);
    await first.stop();
    await connection.request("$JS.API.STREAM.PURGE.KV_positions");

    await publishRecords(connection, "aaaaaaaa", 31, readings(30, 30));
    const second = startBridge(testBackbone(url), url, [target("again")]);
    await expect.poll(() => second.state().targets[0]?.carried, patient).toBe(30);

    const ids = idsOf(await readTopic(kafka, "again", 60));
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
  });

  test("sets aside what is larger than the topic takes, and carries what is around it", async () => {
    const admin = kafka.client().admin();
    await admin.connect();
    const configEntries = [{ name: "max.message.bytes", value: "20000" }];
    await admin.createTopics({ topics: [{ topic: "small", numPartitions: 3, configEntries }] });
    await admin.disconnect();
    const { url, backbone, connection } = await setUpStreams();
    const large: GatewayEvent = {
      ...reading("f1", 1, 1),
      kind: "measurement",
      data: [{ name: "text", value: "x".repeat(30_000), quality: "good" }],
    };
    await publishRecords(connection, "aaaaaaaa", 1, [...readings(20), large, ...readings(20, 21)]);

    const bridge = startBridge(backbone, url, [target("small")]);
    await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(40);

    expect(bridge.state().targets[0]?.aside).toBe(1);
    expect(await readSetAside(connection)).toMatchObject([
      { id: "gw1.aaaaaaaa.21", kind: "refused", streamSeq: 21 },
    ]);
    expect(new Set(idsOf(await readTopic(kafka, "small", 40))).size).toBe(40);
  });

  test("ends a bridge that stood still: what it had begun never counts, and nothing is doubled", async () => {
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(30));
    const first = startBridge(backbone, url, [target("fenced")]);
    await expect.poll(() => first.state().targets[0]?.carried, patient).toBe(30);

    // Another takes its transactions without its knowledge, as one does that believes it gone.
    const taken = kafka
      .client()
      .producer({ transactionalId: "sluicegate-fenced-50", idempotent: true });
    const partitions = Array.from({ length: 64 }, (_, partition) =>
      kafka
        .client()
        .producer({ transactionalId: `sluicegate-fenced-${partition}`, idempotent: true }),
    );
    for (const producer of [taken, ...partitions]) {
      await producer.connect();
      const begun = await producer.transaction();
      await begun.send({
        topic: "fenced.at",
        messages: [{ key: "other", value: "x", partition: 0 }],
      });
      await begun.commit();
      await producer.disconnect();
    }
    await publishRecords(connection, "aaaaaaaa", 31, readings(30, 30));
    await expect.poll(() => first.state().targets[0]?.carried, patient).toBe(60);

    const ids = idsOf(await readTopic(kafka, "fenced", 60));
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
  });

  test("refuses a topic of positions that would forget them, and says so", async () => {
    const admin = kafka.client().admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: "forgets.at", numPartitions: 1 }] });
    await admin.disconnect();
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(1));

    const bridge = startBridge(backbone, url, [target("forgets")]);

    await expect
      .poll(() => bridge.state().targets[0]?.failing?.reason, patient)
      .toMatch(/cleanup.policy delete/);
  });
});
