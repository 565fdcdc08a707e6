import type { Packet } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { sleep } from "../../../src/core/clock.ts";
import { answeredAlready } from "../../../src/core/device-write.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { type MqttPeer, peer } from "../../support/mqtt-peer.ts";
import { peer5 } from "../../support/mqtt5-peer.ts";
import { messageOf, send } from "../../support/send-to-device.ts";
import { waitUntil } from "../../support/wait-until.ts";

const topic = "cmnd/plug/POWER";

async function subscribed(port: number, clientId: string, filter: string, clean = true) {
  const client = await peer(port, { clientId, clean });
  await client.subscribe([filter, 1]);
  return client;
}

/** The message that comes next, unanswered. */
async function received(client: Pick<MqttPeer, "next">) {
  const packet: Packet = await client.next();
  if (packet.cmd !== "publish") throw new Error(`${packet.cmd} came`);
  return packet;
}

async function answer(client: MqttPeer): Promise<string> {
  const { dup, messageId = 0, payload } = await received(client);
  client.send({ cmd: "puback", messageId });
  return `${payload}${dup ? " dup" : ""}`;
}

function standStill(ms: number): void {
  const untilMs = systemClock.monotonicMs() + ms;
  while (systemClock.monotonicMs() < untilMs);
}

function reach(broker: Awaited<ReturnType<typeof mqttBroker>>["broker"], device = "plug") {
  return broker.toDevices.reaches(toDeviceId(device), messageOf(topic, "ON"));
}

test("a message is delivered when the client of the device has acknowledged it", async () => {
  const { broker, port } = await mqttBroker();
  const device = await subscribed(port, "plug", "cmnd/plug/+");
  expect(reach(broker)).toBe("now");
  const outcome = send(broker, topic, "ON", { device: "plug" });
  expect(await answer(device)).toBe("ON");
  expect(await outcome).toEqual({ outcome: "delivered", text: "client plug has it" });
});

test("nobody who has subscribed means later, and that nothing was sent", async () => {
  const { broker, port } = await mqttBroker();
  const other = await subscribed(port, "other", "cmnd/lamp/+");
  expect(reach(broker)).toBe("later");
  expect(await send(broker, topic, "ON")).toEqual({
    outcome: "absent",
    text: `no client that is connected has subscribed to ${topic}`,
  });
  expect(await other.all()).toEqual([]);
});

test("frames, registers and topics of the system are not for a broker", async () => {
  const { broker } = await mqttBroker();
  const frame = { kind: "frame", payload: Buffer.from("x") } as const;
  const { toDevices } = broker;
  expect(toDevices.reaches(toDeviceId("plug"), frame)).toBe("never");
  expect(toDevices.reaches(toDeviceId("plug"), messageOf("$SYS/x", "1"))).toBe("never");
});

describe("of several subscribers the device is", () => {
  test("the one that it was last heard from, whatever its filter", async () => {
    const { broker, port } = await mqttBroker({}, { clientOf: () => "DVES_12AB34" });
    const exact = await subscribed(port, "node-red", topic);
    const device = await subscribed(port, "DVES_12AB34", "cmnd/#");
    const outcome = send(broker, topic, "ON", { device: "plug" });
    expect(await answer(exact)).toBe("ON");
    expect(await answer(device)).toBe("ON");
    expect(await outcome).toMatchObject({ text: "client DVES_12AB34 has it" });
  });

  test("else the one that names the topic in full", async () => {
    const { broker, port } = await mqttBroker();
    await subscribed(port, "watcher", "cmnd/#");
    const device = await subscribed(port, "esp-1", topic);
    const outcome = send(broker, topic, "ON", { device: "plug" });
    await answer(device);
    expect(await outcome).toMatchObject({ text: "client esp-1 has it" });
  });

  test("never one that hears everything, which gets it all the same and harms nothing", async () => {
    const { broker, port } = await mqttBroker();
    const logger = await subscribed(port, "logger", "#");
    expect(reach(broker)).toBe("later");
    const device = await subscribed(port, "esp-1", "cmnd/plug/+");
    const outcome = send(broker, topic, "ON", { device: "plug" });
    await answer(device);
    expect(await outcome).toMatchObject({ outcome: "delivered" });
    expect(await logger.deliveries()).toEqual([`${topic}=ON q1`]);
  });

  test("nobody while its own client is away and its session is kept", async () => {
    const { broker, port } = await mqttBroker();
    const device = await subscribed(port, "plug", topic, false);
    const bridge = await subscribed(port, "bridge", topic);
    await device.vanish();
    await bridge.all();
    expect(reach(broker)).toBe("later");
    const outcome = await send(broker, topic, "ON", { device: "plug" });
    expect(outcome).toEqual({ outcome: "absent", text: "its client plug is away" });
    expect(await bridge.all()).toEqual([]);
  });
});

describe("a command that could not be acknowledged", () => {
  test("is unknown when the connection ends, and does not come at the next one", async () => {
    const { broker, port } = await mqttBroker();
    const device = await subscribed(port, "plug", topic, false);
    const outcome = send(broker, topic, "ON", { device: "plug" });
    await received(device);
    await device.vanish();
    expect(await outcome).toMatchObject({ outcome: "unknown" });
    const back = await peer(port, { clientId: "plug", clean: false });
    expect(await back.all()).toEqual([]);
  });

  test("is in no queue of an absent session either, while messages of others are", async () => {
    const { broker, port } = await mqttBroker();
    const logger = await subscribed(port, "logger", "cmnd/#", false);
    await logger.leave();
    const device = await subscribed(port, "plug", topic);
    const outcome = send(broker, topic, "ON", { device: "plug" });
    await answer(device);
    await outcome;
    await device.publish("cmnd/plug/OTHER", "1");
    const back = await peer(port, { clientId: "logger", clean: false });
    expect(await back.deliveries()).toEqual(["cmnd/plug/OTHER=1 q1"]);
  });

  test("is unknown when its time is over, and a late answer does nothing", async () => {
    const { broker, port } = await mqttBroker();
    const device = await subscribed(port, "plug", topic);
    const patience = new AbortController();
    const outcome = send(broker, topic, "ON", { device: "plug", signal: patience.signal });
    const { messageId = 0 } = await received(device);
    patience.abort();
    expect(await outcome).toMatchObject({ outcome: "unknown" });
    device.send({ cmd: "puback", messageId });
    const next = send(broker, topic, "OFF", { device: "plug" });
    expect(await answer(device)).toBe("OFF");
    expect(await next).toMatchObject({ outcome: "delivered" });
  });

  test("is not left to a network that may bring it later: its connection is cut when it expires", async () => {
    const { broker, port } = await mqttBroker();
    const device = await subscribed(port, "plug", topic, false);
    const failure = new Promise((resolve) => device.socket.once("error", resolve));
    const outcome = send(broker, topic, "ON", { device: "plug", validMs: 500 });
    await received(device);
    expect(await failure).toMatchObject({ code: "ECONNRESET" });
    expect(await outcome).toMatchObject({ outcome: "unknown" });
    const back = await peer(port, { clientId: "plug", clean: false });
    expect(await back.all()).toEqual([]);
  });

  test("costs its client no connection while the disk keeps the answer from being read", async () => {
    const { broker, port, sink } = await mqttBroker({ limits: { in_flight_bytes: 65_536 } });
    const device = await subscribed(port, "plug", topic);
    sink.stalled = true;
    const payload = Buffer.alloc(4_096);
    for (let messageId = 1; messageId <= 16; messageId += 1)
      device.send({
        cmd: "publish",
        topic: "t",
        payload,
        qos: 1,
        messageId,
        dup: false,
        retain: false,
      });
    await waitUntil(() => broker.holding, "its messages wait for the disk");
    const outcome = send(broker, topic, "ON", { device: "plug", validMs: 500 });
    await answer(device);
    await sleep(systemClock, 2_000);
    sink.stalled = false;
    sink.ackAll();
    expect(await outcome).toMatchObject({ outcome: "delivered" });
  });

  test("costs its client no connection where the process stood still over its answer and its end", async () => {
    const { broker, port } = await mqttBroker();
    const device = await subscribed(port, "plug", topic);
    const outcome = send(broker, topic, "ON", { device: "plug", validMs: 500 });
    await answer(device);
    standStill(1_000);
    expect(await outcome).toMatchObject({ outcome: "delivered" });
  });

  test("costs its client no connection where it has answered, or had nothing of it", async () => {
    const { broker, port } = await mqttBroker();
    const device = await peer5(port, { clientId: "plug", properties: { receiveMaximum: 1 } });
    await device.subscribe([{ topic, qos: 1 }]);
    const patience = new AbortController();
    const { signal } = patience;
    const first = send(broker, topic, "ON", { device: "plug", signal, validMs: 200 });
    await received(device);
    patience.abort(answeredAlready);
    await first;
    const second = await send(broker, topic, "OFF", { device: "plug", validMs: 200 });
    expect(second).toMatchObject({ outcome: "absent" });
    expect(await device.all()).toEqual([]);
  });

  test("was not sent when it still waited for its turn", async () => {
    const { broker, port } = await mqttBroker();
    const device = await peer5(port, { clientId: "plug", properties: { receiveMaximum: 1 } });
    await device.subscribe([{ topic, qos: 1 }]);
    const first = send(broker, topic, "ON", { device: "plug" });
    const { messageId = 0 } = await received(device);
    const patience = new AbortController();
    const second = send(broker, topic, "OFF", { device: "plug", signal: patience.signal });
    const third = send(broker, topic, "TOGGLE", { device: "plug" });
    patience.abort();
    expect(await second).toMatchObject({ outcome: "absent" });
    device.send({ cmd: "puback", messageId });
    expect(String((await received(device)).payload)).toBe("TOGGLE");
    expect(await first).toMatchObject({ outcome: "delivered" });
    device.socket.destroy();
    expect(await third).toMatchObject({ outcome: "unknown" });
  });

  test("is not sent once it is of no use any more", async () => {
    const { broker, port } = await mqttBroker();
    const device = await peer5(port, { clientId: "plug", properties: { receiveMaximum: 1 } });
    await device.subscribe([{ topic, qos: 1 }]);
    const first = send(broker, topic, "ON", { device: "plug" });
    const { messageId = 0 } = await received(device);
    const second = send(broker, topic, "OFF", { device: "plug", validMs: 0 });
    device.send({ cmd: "puback", messageId });
    expect(await first).toMatchObject({ outcome: "delivered" });
    expect(await second).toMatchObject({ outcome: "absent" });
    expect(await device.all()).toEqual([]);
  });
});

test("a subscription of QoS 0 can only say that it was sent", async () => {
  const { broker, port } = await mqttBroker();
  const device = await peer(port, { clientId: "plug" });
  await device.subscribe([topic, 0]);
  expect(await send(broker, topic, "ON", { device: "plug" })).toEqual({ outcome: "sent" });
  expect(await device.deliveries()).toEqual([`${topic}=ON q0`]);
});

test("a client of MQTT 5 is told how long the command holds, and may refuse it", async () => {
  const { broker, port } = await mqttBroker();
  const device = await peer5(port, { clientId: "plug" });
  await device.subscribe([{ topic, qos: 1 }]);
  const outcome = send(broker, topic, "ON", { device: "plug", validMs: 60_000 });
  const { messageId = 0, properties } = await received(device);
  expect(properties?.messageExpiryInterval).toBeGreaterThan(50);
  device.send({ cmd: "puback", messageId, reasonCode: 0x87 });
  expect(await outcome).toEqual({
    outcome: "refused",
    text: "client plug refused it with reason code 135",
  });
});
