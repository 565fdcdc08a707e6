import type { IPublishPacket } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { type MqttPeer, peer, seen } from "../../support/mqtt-peer.ts";

const all = [0, 1, 2] as const;
const pairs = all.flatMap((published) => all.map((granted) => [published, granted] as const));

describe("the QoS of a delivery", () => {
  test.each(pairs)("published %i and granted %i: the lower one [MQTT-3.8.4-6]", async (...qos) => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["wild/+", qos[1]]);
    await publisher.publish("wild/1", "x", { qos: qos[0] });
    expect(await subscriber.deliveries()).toEqual([`wild/1=x q${Math.min(...qos)}`]);
  });

  test("of overlapping filters is the highest granted, and it comes once [MQTT-3.3.5-1]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t/#", 0], ["t/+", 2], ["t/1", 1], ["#", 1]);
    await publisher.publish("t/1", "a", { qos: 2 });
    await publisher.publish("t/1", "b", { qos: 1 });
    await publisher.publish("t/2/3", "c", { qos: 2 });
    expect(await subscriber.deliveries()).toEqual(["t/1=a q2", "t/1=b q1", "t/2/3=c q1"]);
  });

  test("of one subscriber is not that of another [MQTT-3.8.4-6]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    const subscribers = await Promise.all(all.map(() => peer(port)));
    for (const qos of all) await subscribers[qos]?.subscribe(["t", qos]);
    await publisher.publish("t", "x", { qos: 2 });
    for (const qos of all) {
      expect(await subscribers[qos]?.deliveries()).toEqual([`t=x q${qos}`]);
    }
  });
});

describe("a message", () => {
  test("at QoS 2 arrives also when one at QoS 0 follows at once [MQTT-4.3.3]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 2]);
    for (let n = 0; n < 20; n += 1) {
      publisher.send(
        {
          cmd: "publish",
          topic: "t",
          payload: "two",
          qos: 2,
          messageId: n + 1,
          retain: false,
          dup: false,
        },
        { cmd: "publish", topic: "t", payload: "none", qos: 0, retain: false, dup: false },
      );
    }
    await publisher.all();
    const deliveries = await subscriber.deliveries();
    expect(deliveries.filter((text) => text === "t=two q2")).toHaveLength(20);
    expect(deliveries.filter((text) => text === "t=none q0")).toHaveLength(20);
  });

  test("keeps its topic and payload byte by byte [MQTT-3.3.2-3, 4.7.3]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["#", 2]);
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    for (const qos of all) await publisher.publish("größe/温度/ 1 ", payload, { qos });
    const deliveries = await subscriber.publishes();
    expect(deliveries.map(({ topic }) => topic)).toEqual(Array(3).fill("größe/温度/ 1 "));
    for (const delivery of deliveries) expect(delivery.payload).toEqual(payload);
  });

  test.each([0, 1, 121, 122, 16_377, 16_378, 130_000])(
    "of %i bytes arrives whole [MQTT-2.2.3]",
    async (bytes) => {
      const { port } = await mqttBroker();
      const [subscriber, publisher] = [await peer(port), await peer(port)];
      await subscriber.subscribe(["t", 1], ["u", 0]);
      const payload = Buffer.alloc(bytes, "x");
      await publisher.publish("t", payload);
      await publisher.publish("u", payload);
      const deliveries = await subscriber.publishes();
      expect(deliveries.map((delivery) => delivery.payload.length)).toEqual([bytes, bytes]);
    },
  );

  test("that its publisher sent again with DUP is delivered without [MQTT-3.3.1-3]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 2]);
    const packet: IPublishPacket = {
      cmd: "publish",
      topic: "t",
      payload: "x",
      qos: 1,
      messageId: 9,
      retain: false,
      dup: true,
    };
    await publisher.ask(packet, "puback");
    await publisher.all();
    expect(await subscriber.deliveries()).toEqual(["t=x q1"]);
  });

  test("goes to every client that subscribed, and to no other [MQTT-3.3.5]", async () => {
    const { port } = await mqttBroker();
    const [one, two, three, publisher] = await Promise.all([1, 2, 3, 4].map(() => peer(port)));
    await one?.subscribe(["t/#", 1]);
    await two?.subscribe(["t/1", 1]);
    await three?.subscribe(["t/2", 1]);
    await publisher?.publish("t/1", "x");
    expect(await Promise.all([one, two, three].map((each) => each?.deliveries()))).toEqual([
      ["t/1=x q1"],
      ["t/1=x q1"],
      [],
    ]);
  });
});

/** Answers what comes as a subscriber should, until it has so many messages; gives them in words. */
async function receive(subscriber: MqttPeer, count: number): Promise<string[]> {
  const received: string[] = [];
  while (received.length < count) {
    const packet = await subscriber.next();
    if (packet.cmd === "pubrel") {
      subscriber.send({ cmd: "pubcomp", messageId: packet.messageId ?? 0 });
    }
    if (packet.cmd !== "publish") continue;
    received.push(seen(packet));
    const messageId = packet.messageId ?? 0;
    if (packet.qos > 0) subscriber.send({ cmd: packet.qos === 1 ? "puback" : "pubrec", messageId });
  }
  return received;
}

describe("order and numbers", () => {
  test.each(all)(
    "messages of a topic at QoS %i come in their order [MQTT-4.6.0-6]",
    async (qos) => {
      const { port } = await mqttBroker();
      const [subscriber, publisher] = [await peer(port), await peer(port)];
      await subscriber.subscribe(["t", qos]);
      const payloads = Array.from({ length: 500 }, (_, n) => `${n}`);
      publisher.send(
        ...payloads.map(
          (payload, n): IPublishPacket => ({
            cmd: "publish",
            topic: "t",
            payload,
            qos: qos === 0 ? 0 : 1,
            messageId: n + 1,
            retain: false,
            dup: false,
          }),
        ),
      );
      const expected = payloads.map((payload) => `t=${payload} q${Math.min(qos, 1)}`);
      expect(await receive(subscriber, 500)).toEqual(expected);
    },
  );

  test("no number is used twice while it waits for an answer, and none is 0 [MQTT-2.3.1-1, 2.3.1-4]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 1], ["u", 2]);
    for (let n = 0; n < 30; n += 1) {
      await publisher.publish("t", "x");
      await publisher.publish("u", "x", { qos: 2 });
    }
    const numbers = (await subscriber.publishes()).map(({ messageId }) => messageId);
    expect(numbers).toHaveLength(60);
    expect(new Set(numbers).size).toBe(60);
    expect(numbers).not.toContain(0);
  });

  test("a subscriber that acknowledges nothing gets some, and the rest in order as it does [MQTT-4.6]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 1]);
    for (let n = 0; n < 250; n += 1) await publisher.publish("t", `${n}`);
    const first = await subscriber.publishes();
    expect(first.length).toBeLessThan(250);
    for (const { messageId = 0 } of first) subscriber.send({ cmd: "puback", messageId });
    const rest = await receive(subscriber, 250 - first.length);
    expect([...first.map(seen), ...rest]).toEqual(
      Array.from({ length: 250 }, (_, n) => `t=${n} q1`),
    );
  });

  test("QoS 0 goes on while a subscriber acknowledges nothing [MQTT-4.3.1]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 1]);
    for (let n = 0; n < 200; n += 1) await publisher.publish("t", `${n}`);
    await subscriber.all();
    await publisher.publish("t", "now", { qos: 0 });
    expect(await subscriber.deliveries()).toEqual(["t=now q0"]);
  });
});

describe("the answers of a subscriber", () => {
  test("QoS 2 goes PUBLISH, PUBREC, PUBREL, PUBCOMP with one number [MQTT-4.3.3-1]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 2]);
    await publisher.publish("t", "x", { qos: 2 });
    const messageId = (await subscriber.publishes())[0]?.messageId ?? 0;
    const pubrel = await subscriber.ask({ cmd: "pubrec", messageId }, "pubrel");
    expect(pubrel.messageId).toBe(messageId);
    expect(pubrel).toMatchObject({ qos: 1 });
    subscriber.send({ cmd: "pubcomp", messageId });
    expect(await subscriber.all()).toEqual([]);
  });

  test("a PUBREC that comes again is answered again [MQTT-4.3.3-1]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 2]);
    await publisher.publish("t", "x", { qos: 2 });
    const messageId = (await subscriber.publishes())[0]?.messageId ?? 0;
    for (let time = 0; time < 2; time += 1) {
      await subscriber.ask({ cmd: "pubrec", messageId }, "pubrel");
    }
  });

  test("that nobody waits for change nothing [MQTT-4.3]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 1], ["u", 2]);
    for (const messageId of [1, 2, 65_535]) {
      subscriber.send({ cmd: "puback", messageId }, { cmd: "pubcomp", messageId });
    }
    await publisher.publish("t", "x");
    await publisher.publish("u", "x", { qos: 2 });
    const [one, two] = await subscriber.publishes();
    // The wrong kind of answer for each of them.
    subscriber.send({ cmd: "pubcomp", messageId: one?.messageId ?? 0 });
    subscriber.send({ cmd: "puback", messageId: two?.messageId ?? 0 });
    subscriber.send({ cmd: "pubcomp", messageId: two?.messageId ?? 0 });
    await subscriber.ask({ cmd: "pubrec", messageId: two?.messageId ?? 0 }, "pubrel");
  });
});
