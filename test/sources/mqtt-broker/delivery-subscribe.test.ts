import mqttPacket from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { MqttPeer, peer } from "../../support/mqtt-peer.ts";
import { send } from "../../support/send-to-device.ts";

describe("SUBSCRIBE", () => {
  test("is answered with its packet identifier [MQTT-3.8.4-2]", async () => {
    const { port } = await mqttBroker();
    const subscriber = await peer(port);
    const subscriptions = [{ topic: "t", qos: 1 as const }];
    const suback = await subscriber.ask(
      { cmd: "subscribe", messageId: 4_711, subscriptions },
      "suback",
    );
    expect(suback.messageId).toBe(4_711);
  });

  test("of several filters gets one code for each, in their order [MQTT-3.8.4-5, 3.9.3-1]", async () => {
    const { port } = await mqttBroker();
    const subscriber = await peer(port);
    expect(await subscriber.subscribe(["a", 2], ["$SYS/#", 1], ["b", 0], ["c/#", 1])).toEqual([
      2, 128, 0, 1,
    ]);
  });

  test("that names a filter twice gets a code for each, and the last one counts [MQTT-3.8.4-4]", async () => {
    const { port } = await mqttBroker();
    const subscriber = await peer(port);
    expect(await subscriber.subscribe(["a", 2], ["b", 1], ["a", 0])).toEqual([2, 1, 0]);
    const publisher = await peer(port);
    await publisher.publish("a", "1", { qos: 2 });
    expect(await subscriber.deliveries()).toEqual(["a=1 q0"]);
  });

  test("of a filter that is there replaces it, up and down [MQTT-3.8.4-3]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    for (const qos of [0, 2, 1] as const) {
      expect(await subscriber.subscribe(["t/#", qos])).toEqual([qos]);
      await publisher.publish("t/1", "x", { qos: 2 });
      expect(await subscriber.deliveries()).toEqual([`t/1=x q${qos}`]);
    }
  });

  test("right behind CONNECT in one piece is answered after the CONNACK [MQTT-3.2.0-1]", async () => {
    const { port } = await mqttBroker();
    const subscriber = new MqttPeer(port);
    subscriber.send(
      { cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "one", clean: true },
      { cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 1 }] },
    );
    expect((await subscriber.next()).cmd).toBe("connack");
    expect(await subscriber.next()).toMatchObject({ cmd: "suback", granted: [1] });
    const publisher = await peer(port);
    await publisher.publish("t", "x");
    expect(await subscriber.deliveries()).toEqual(["t=x q1"]);
  });

  test("and PUBLISH of the same client in one piece: it hears itself [MQTT-3.3.5]", async () => {
    const { port } = await mqttBroker();
    const one = await peer(port);
    one.send(
      { cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 0 }] },
      { cmd: "publish", topic: "t", payload: "x", qos: 0, retain: false, dup: false },
    );
    expect((await one.next()).cmd).toBe("suback");
    expect(await one.next()).toMatchObject({ cmd: "publish", topic: "t" });
  });

  test.each([
    ["without a filter [MQTT-3.8.3-3]", Buffer.of(0x82, 2, 0, 1)],
    ["at QoS 3 [MQTT-3-8.3-4]", Buffer.of(0x82, 6, 0, 1, 0, 1, 0x61, 3)],
    ["with other flags [MQTT-3.8.1-1]", Buffer.of(0x80, 6, 0, 1, 0, 1, 0x61, 1)],
    ["with # in the middle [MQTT-4.7.1-2]", Buffer.of(0x82, 8, 0, 1, 0, 3, 0x23, 0x2f, 0x61, 1)],
    ["with + beside text [MQTT-4.7.1-3]", Buffer.of(0x82, 7, 0, 1, 0, 2, 0x61, 0x2b, 1)],
    ["with an empty filter [MQTT-4.7.3-1]", Buffer.of(0x82, 5, 0, 1, 0, 0, 1)],
  ])("%s closes the connection", async (_, bytes) => {
    const { port } = await mqttBroker();
    const subscriber = await peer(port);
    subscriber.socket.write(bytes);
    await subscriber.closed;
  });
});

describe("UNSUBSCRIBE", () => {
  test("is answered, also where nothing was subscribed [MQTT-3.10.4-4, 3.10.4-5]", async () => {
    const { port } = await mqttBroker();
    const subscriber = await peer(port);
    const unsuback = await subscriber.ask(
      { cmd: "unsubscribe", messageId: 77, unsubscriptions: ["a", "b/#"] },
      "unsuback",
    );
    expect(unsuback.messageId).toBe(77);
  });

  test("ends what it names character by character, and nothing else [MQTT-3.10.4-1, 3.10.4-2]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t/+", 1], ["t/a", 0], ["u/#", 1]);
    await subscriber.unsubscribe("t/+", "u");
    for (const topic of ["t/a", "t/b", "u/1"]) await publisher.publish(topic, "x");
    expect(await subscriber.deliveries()).toEqual(["t/a=x q0", "u/1=x q1"]);
  });

  test("of several filters ends them all with one answer [MQTT-3.10.4-6]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["a", 1], ["b", 1]);
    await subscriber.unsubscribe("a", "b");
    for (const topic of ["a", "b"]) await publisher.publish(topic, "x");
    expect(await subscriber.all()).toEqual([]);
  });

  test("lets a message that was sent before be completed [MQTT-3.10.4-3]", async () => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe(["t", 2]);
    await publisher.publish("t", "x", { qos: 2 });
    const [delivery] = await subscriber.publishes();
    const messageId = delivery?.messageId ?? 0;
    await subscriber.unsubscribe("t");
    await subscriber.ask({ cmd: "pubrec", messageId }, "pubrel");
    subscriber.send({ cmd: "pubcomp", messageId });
    expect(await subscriber.all()).toEqual([]);
  });
});

describe("a filter", () => {
  test.each([
    ["sport/tennis/player1/#", "sport/tennis/player1", true, "4.7.1-2"],
    ["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true, "4.7.1-2"],
    ["sport/#", "sport", true, "4.7.1-2"],
    ["#", "/", true, "4.7.1-2"],
    ["sport/tennis/+", "sport/tennis/player1", true, "4.7.1-3"],
    ["sport/tennis/+", "sport/tennis/player1/ranking", false, "4.7.1-3"],
    ["sport/+", "sport", false, "4.7.1-3"],
    ["sport/+", "sport/", true, "4.7.1-3"],
    ["+/+", "/finance", true, "4.7.1-3"],
    ["/+", "/finance", true, "4.7.1-3"],
    ["+", "/finance", false, "4.7.1-3"],
    ["+/a/#", "b/a", true, "4.7.1-3"],
    ["a//b", "a//b", true, "4.7.3"],
    ["a/+/b", "a//b", true, "4.7.1-3"],
    ["ACCOUNTS", "Accounts", false, "4.7.3-4"],
    ["/a", "a", false, "4.7.3"],
    ["a/", "a", false, "4.7.3"],
    ["ä/ß", "ä/ß", true, "1.5.3"],
  ])("%s and the topic %s match: %s [MQTT-%s]", async (filter, topic, matches) => {
    const { port } = await mqttBroker();
    const [subscriber, publisher] = [await peer(port), await peer(port)];
    await subscriber.subscribe([filter, 0]);
    await publisher.publish(topic, "x");
    expect(await subscriber.deliveries()).toEqual(matches ? [`${topic}=x q0`] : []);
  });

  test("that begins with a wildcard names no topic that begins with $ [MQTT-4.7.2-1]", async () => {
    const { broker, port } = await mqttBroker();
    const subscriber = await peer(port);
    await subscriber.subscribe(["#", 1], ["+/broker/#", 1], ["+/+", 1]);
    const system = "$SYS/broker/connection/plant/state";
    const bridge = await peer(port);
    await bridge.publish(system, "1", { retain: true });
    expect(await send(broker, system, "1")).toMatchObject({ outcome: "absent" });
    expect(await subscriber.all()).toEqual([]);
  });

  test("of a thousand levels is refused or served, and harms nobody [MQTT-4.7.3]", async () => {
    const { port } = await mqttBroker();
    const subscriber = await peer(port);
    const codes = await subscriber.subscribe([`${"+/".repeat(30_000)}#`, 1], ["t", 1]);
    expect(codes).toEqual([128, 1]);
    const publisher = await peer(port);
    await publisher.publish("t", "x");
    expect(await subscriber.deliveries()).toEqual(["t=x q1"]);
  });
});

test("PUBLISH behind DISCONNECT is not taken [MQTT-3.14.4-2]", async () => {
  const { sink, port } = await mqttBroker();
  const listener = await peer(port);
  await listener.subscribe(["#", 1]);
  const one = await peer(port);
  one.socket.write(
    Buffer.concat([
      mqttPacket.generate({ cmd: "disconnect" }),
      mqttPacket.generate({
        cmd: "publish",
        topic: "t",
        payload: "late",
        qos: 1,
        messageId: 1,
        retain: false,
        dup: false,
      }),
    ]),
  );
  await one.closed;
  expect(await listener.all()).toEqual([]);
  expect(sink.messages).toEqual([]);
});
