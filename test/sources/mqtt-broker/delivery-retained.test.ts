import { describe, expect, test } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";
import { peer } from "../../support/mqtt-peer.ts";
import { send } from "../../support/send-to-device.ts";

async function parties() {
  const { broker, port } = await mqttBroker();
  return { broker, port, subscriber: await peer(port), publisher: await peer(port) };
}

describe("a retained message", () => {
  test("comes with RETAIN set to a subscription that is new [MQTT-3.3.1-6, 3.3.1-8]", async () => {
    const { subscriber, publisher } = await parties();
    await publisher.publish("t/1", "x", { retain: true });
    await subscriber.subscribe(["t/+", 1]);
    expect(await subscriber.deliveries()).toEqual(["t/1=x q1 retain"]);
  });

  test("comes with RETAIN clear to a subscription that is there [MQTT-3.3.1-9]", async () => {
    const { subscriber, publisher } = await parties();
    await subscriber.subscribe(["t/+", 1]);
    await publisher.publish("t/1", "x", { retain: true });
    expect(await subscriber.deliveries()).toEqual(["t/1=x q1"]);
  });

  test("comes again when the subscription is made again [MQTT-3.8.4-3]", async () => {
    const { subscriber, publisher } = await parties();
    await publisher.publish("t", "x", { retain: true, qos: 0 });
    for (let time = 0; time < 2; time += 1) {
      await subscriber.subscribe(["t", 1]);
      expect(await subscriber.deliveries()).toEqual(["t=x q0 retain"]);
    }
  });

  test.each([
    [2, 0],
    [1, 2],
    [2, 2],
  ] as const)("published at %i comes at %i at most [MQTT-3.3.1-5, 3.8.4-6]", async (...qos) => {
    const { subscriber, publisher } = await parties();
    await publisher.publish("t", "x", { retain: true, qos: qos[0] });
    await subscriber.subscribe(["#", qos[1]]);
    expect(await subscriber.deliveries()).toEqual([`t=x q${Math.min(...qos)} retain`]);
  });

  test("is the last one of its topic [MQTT-3.3.1-5, 3.3.1-7]", async () => {
    const { subscriber, publisher } = await parties();
    await publisher.publish("t", "old", { retain: true, qos: 2 });
    await publisher.publish("t", "new", { retain: true, qos: 0 });
    await subscriber.subscribe(["t", 2]);
    expect(await subscriber.deliveries()).toEqual(["t=new q0 retain"]);
  });

  test("stays when one without RETAIN comes [MQTT-3.3.1-12]", async () => {
    const { subscriber, publisher } = await parties();
    await publisher.publish("t", "kept", { retain: true });
    await publisher.publish("t", "passing");
    await subscriber.subscribe(["t", 1]);
    expect(await subscriber.deliveries()).toEqual(["t=kept q1 retain"]);
  });

  test("is taken away by an empty one, which is delivered itself [MQTT-3.3.1-10, 3.3.1-11]", async () => {
    const { port, subscriber, publisher } = await parties();
    await publisher.publish("t", "x", { retain: true });
    await subscriber.subscribe(["t", 1]);
    await subscriber.all();
    await publisher.publish("t", "", { retain: true });
    expect(await subscriber.deliveries()).toEqual(["t= q1"]);
    const later = await peer(port);
    await later.subscribe(["t", 1]);
    expect(await later.all()).toEqual([]);
  });

  test("does not go to a filter that was refused or does not name it [MQTT-3.3.1-6]", async () => {
    const { subscriber, publisher } = await parties();
    await publisher.publish("t/1", "x", { retain: true });
    await subscriber.subscribe(["t", 1], ["$SYS/#", 1], ["u/#", 1]);
    expect(await subscriber.all()).toEqual([]);
  });

  test("outlives the client that published it [MQTT-3.1.2-7]", async () => {
    const { subscriber, publisher } = await parties();
    await publisher.publish("t", "x", { retain: true });
    await publisher.leave();
    await subscriber.subscribe(["t", 1]);
    expect(await subscriber.deliveries()).toEqual(["t=x q1 retain"]);
  });

  test("waits with RETAIN clear for a subscriber that is away, and comes back without it [MQTT-3.3.1-9]", async () => {
    const { port, publisher } = await parties();
    const away = await peer(port, { clientId: "away", clean: false });
    await away.subscribe(["t", 1]);
    await away.leave();
    await publisher.publish("t", "x", { retain: true });
    const back = await peer(port, { clientId: "away", clean: false });
    expect(await back.deliveries()).toEqual(["t=x q1"]);
  });

  test("is not sent to a session that is resumed, only to SUBSCRIBE [MQTT-3.1.2.4]", async () => {
    const { port, publisher } = await parties();
    const away = await peer(port, { clientId: "away", clean: false });
    await away.subscribe(["t", 0]);
    await away.leave();
    await publisher.publish("t", "x", { retain: true });
    const back = await peer(port, { clientId: "away", clean: false });
    expect(await back.all()).toEqual([]);
  });

  test("of the gateway itself is one too [MQTT-3.3.1-6]", async () => {
    const { broker, port, subscriber } = await parties();
    const device = await connect({ port, clientId: "device" });
    await device.subscribe("cmd/1");
    await send(broker, "cmd/1", "on", { retain: true });
    await subscriber.subscribe(["cmd/#", 1]);
    expect(await subscriber.deliveries()).toEqual(["cmd/1=on q1 retain"]);
  });
});

test("thousands of retained messages all come to one who subscribes to everything", async () => {
  const { port, publisher } = await parties();
  const payload = Buffer.alloc(1_000, "x");
  for (let n = 0; n < 3_000; n += 1) {
    publisher.send({
      cmd: "publish",
      topic: `t/${n}`,
      payload,
      qos: 0,
      retain: true,
      dup: false,
    });
  }
  await publisher.all();
  const subscriber = await peer(port);
  await subscriber.subscribe(["#", 1]);
  const topics = new Set<string>();
  while (topics.size < 3_000) {
    const packet = await subscriber.next();
    if (packet.cmd === "publish" && packet.retain) topics.add(packet.topic);
  }
});

test("thousands of retained messages at QoS 1 come as they are acknowledged", async () => {
  const { port, publisher } = await parties();
  for (let n = 0; n < 2_000; n += 1) {
    const message = { topic: `t/${n}`, payload: "x", qos: 1, retain: true, dup: false } as const;
    publisher.send({ cmd: "publish", messageId: n + 1, ...message });
  }
  await publisher.all();
  const subscriber = await peer(port);
  await subscriber.subscribe(["t/+", 1]);
  for (let count = 0; count < 2_000; count += 1) {
    const packet = await subscriber.next();
    if (packet.cmd !== "publish") throw new Error(`${packet.cmd} came`);
    subscriber.send({ cmd: "puback", messageId: packet.messageId ?? 0 });
  }
});
