/** A bridge with a real RabbitMQ; run by npm run test:bridge. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelModel, connect, type GetMessage } from "amqplib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { startBridge } from "../support/bridging.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { hasRabbit, type RabbitProgram, startRabbit } from "../support/rabbitmq-program.ts";

const patient = { timeout: 60_000 };

const readings = (count: number, from = 0): GatewayEvent[] =>
  Array.from({ length: count }, (_, at) => reading(`f${at % 3}`, from + at, from + at));

describe.skipIf(!hasRabbit)("a bridge to RabbitMQ", () => {
  let folder: string;
  let rabbit: RabbitProgram;
  let client: ChannelModel;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluicegate-rabbit-"));
    rabbit = await startRabbit(folder);
    client = await connect(rabbit.url);
    client.on("error", () => {});
  }, 120_000);
  afterAll(async () => {
    await client?.close().catch(() => {});
    await rabbit?.end();
    await rm(folder, { recursive: true, force: true });
  });

  async function bindQueue(exchange: string, more: object = {}): Promise<string> {
    const channel = await client.createChannel();
    await channel.assertExchange(exchange, "topic", { durable: true });
    const { queue } = await channel.assertQueue(`${exchange}-all`, { durable: true, ...more });
    await channel.bindQueue(queue, exchange, "ev.#");
    await channel.close();
    return queue;
  }

  async function drain(queue: string): Promise<GetMessage[]> {
    const channel = await client.createChannel();
    const found: GetMessage[] = [];
    for (;;) {
      const message = await channel.get(queue, { noAck: true });
      if (!message) break;
      found.push(message);
    }
    await channel.close();
    return found;
  }

  const target = (exchange: string, more: object = {}) => ({
    ...{ name: exchange, kind: "rabbitmq", url: rabbit.url, exchange },
    ...more,
  });

  test("publishes each event with its id, its subject as routing key and attributes as headers", async () => {
    const queue = await bindQueue("shape");
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, [reading("f1", 1.5, 0)]);

    const bridge = startBridge(backbone, url, [target("shape")]);
    await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(1);

    const [message] = await drain(queue);
    expect(message?.content.toString()).toBe('[{"n":"temperature","u":"Cel","v":1.5}]');
    expect(message?.fields.routingKey).toBe("ev.plant-a.gw1.f1.measurement");
    expect(message?.properties).toMatchObject({
      messageId: "gw1.aaaaaaaa.1",
      contentType: "application/senml+json",
      deliveryMode: 2,
      headers: { "cloudEvents:id": "gw1.aaaaaaaa.1", "cloudEvents:specversion": "1.0" },
    });
  });

  test("waits where no queue is bound, says so, and goes on when there is one", async () => {
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(3));

    const bridge = startBridge(backbone, url, [target("unbound")]);
    await expect
      .poll(() => bridge.state().targets[0]?.failing?.reason, patient)
      .toMatch(/no queue is bound to unbound for ev\.plant-a/);
    const queue = await bindQueue("unbound");

    await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(3);
    const ids = (await drain(queue)).map(({ properties }) => properties.messageId);
    expect(new Set(ids).size).toBe(3);
  });

  test("keeps the order of each device where a full queue refuses some", async () => {
    const full = { arguments: { "x-max-length": 2, "x-overflow": "reject-publish" } };
    const queue = await bindQueue("narrow", full);
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(12));

    const bridge = startBridge(backbone, url, [target("narrow")]);
    const values: number[] = [];
    await expect
      .poll(async () => {
        for (const { content } of await drain(queue))
          values.push(Number(/"v":(\d+)/.exec(content.toString())?.[1]));
        return new Set(values).size;
      }, patient)
      .toBe(12);

    for (const rest of [0, 1, 2]) {
      const own = [...new Set(values)].filter((value) => value % 3 === rest);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
    expect(bridge.state().targets[0]).toMatchObject({ aside: 0 });
  });

  test("waits for as long as the server blocks whoever publishes", async () => {
    const queue = await bindQueue("alarm");
    const { url, backbone, connection } = await setUpStreams();
    const bridge = startBridge(backbone, url, [target("alarm", { timeout: "500ms" })]);
    await publishRecords(connection, "aaaaaaaa", 1, readings(1));
    await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(1);
    await rabbit.control("set_vm_memory_high_watermark", "0");
    try {
      await publishRecords(connection, "aaaaaaaa", 2, readings(3, 1));
      await expect
        .poll(() => bridge.state().targets[0]?.failing?.reason, patient)
        .toMatch(/takes nothing for now/);
    } finally {
      await rabbit.control("set_vm_memory_high_watermark", "0.6");
    }
    await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(4);

    const ids = (await drain(queue)).map(({ properties }) => properties.messageId);
    expect(ids).toHaveLength(4);
  });
});
