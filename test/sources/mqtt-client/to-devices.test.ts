import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { sleep } from "../../../src/core/clock.ts";
import { answeredAlready } from "../../../src/core/device-write.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import { connect } from "../../support/mqtt-device.ts";
import { messageOf, send } from "../../support/send-to-device.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openSource, playedBroker } from "./open-source.ts";

const topic = "cmnd/plug/POWER";

async function played(connack: Record<string, unknown> = {}, entry: object = {}) {
  const broker = await playedBroker();
  const { sink, source } = await openSource({ url: broker.url, ...entry });
  const connection = await broker.next();
  await connection.admit(connack);
  await connection.next("subscribe");
  return { broker, connection, sink, source };
}

describe("a command to a device behind a broker outside", () => {
  it("is delivered when the broker has acknowledged it, which is all that it can say", async () => {
    const { broker, connection, source } = await played();
    const outcome = send(source, topic, "ON", { validMs: 90_000 });
    const { messageId = 0, ...packet } = await connection.next("publish");
    expect(packet).toMatchObject({ topic, qos: 1, retain: false, dup: false });
    expect(packet.properties).toEqual({ messageExpiryInterval: 90 });
    connection.send({ cmd: "puback", messageId, reasonCode: 0 });
    expect(await outcome).toEqual({
      outcome: "delivered",
      text: `the broker ${broker.url} has it`,
    });
  });

  it("waits while there is no connection, and frames and registers are not for it", async () => {
    const { source } = await openSource({ url: "mqtt://127.0.0.1:1" });
    const { toDevices } = source;
    const plug = toDeviceId("plug");
    expect(toDevices?.reaches(plug, messageOf(topic, "ON"))).toBe("later");
    expect(await send(source, topic, "ON")).toMatchObject({ outcome: "absent" });
    const frame = { kind: "frame", payload: Buffer.from("x") } as const;
    expect(toDevices?.reaches(plug, frame)).toBe("never");
  });

  it("is unknown when the connection ends before the answer, and is not sent again", async () => {
    const { broker, connection, source } = await played();
    const outcome = send(source, topic, "ON");
    await connection.next("publish");
    connection.socket.destroy();
    expect(await outcome).toMatchObject({ outcome: "unknown" });
    const again = await broker.next();
    await again.admit({ sessionPresent: true });
    await again.next("subscribe");
    const next = send(source, topic, "OFF");
    const { messageId = 0, payload } = await again.next("publish");
    expect(String(payload)).toBe("OFF");
    again.send({ cmd: "puback", messageId });
    expect(await next).toMatchObject({ outcome: "delivered" });
  });

  it("is unknown when its time is over before the answer", async () => {
    const { connection, source } = await played();
    const patience = new AbortController();
    const outcome = send(source, topic, "ON", { signal: patience.signal });
    const { messageId = 0 } = await connection.next("publish");
    patience.abort();
    expect(await outcome).toMatchObject({ outcome: "unknown" });
    connection.send({ cmd: "puback", messageId }, { cmd: "puback", messageId: 7 });
    expect(source.link?.isConnected).toBe(true);
  });

  it("is not left to a network that may bring it later: its connection is cut when it expires", async () => {
    const { broker, connection, source } = await played();
    const ended = new Promise((resolve) => connection.socket.once("error", resolve));
    const outcome = send(source, topic, "ON", { validMs: 500 });
    await connection.next("publish");
    expect(await ended).toMatchObject({ code: "ECONNRESET" });
    expect(await outcome).toMatchObject({ outcome: "unknown" });
    const again = await broker.next();
    await again.admit({ sessionPresent: true });
    await again.next("subscribe");
    expect(source.link?.isConnected).toBe(true);
  });

  it("costs no connection while the disk keeps the acknowledgment from being read", async () => {
    const { connection, sink, source } = await played({}, { limits: { in_flight_messages: 4 } });
    sink.stalled = true;
    for (let messageId = 1; messageId <= 4; messageId += 1)
      connection.send({
        ...{ cmd: "publish", topic: "t/1", payload: "1", messageId },
        ...{ qos: 1, dup: false, retain: false },
      });
    await waitUntil(() => source.holding, "its messages wait for the disk");
    const outcome = send(source, topic, "ON", { validMs: 500 });
    const { messageId = 0 } = await connection.next("publish");
    connection.send({ cmd: "puback", messageId });
    await sleep(systemClock, 2_000);
    sink.stalled = false;
    sink.ackAll();
    expect(await outcome).toMatchObject({ outcome: "delivered" });
    expect(source.link?.isConnected).toBe(true);
  });

  it("costs no connection where the process stood still over the acknowledgment and the end", async () => {
    const { connection, source } = await played();
    const outcome = send(source, topic, "ON", { validMs: 500 });
    const { messageId = 0 } = await connection.next("publish");
    connection.send({ cmd: "puback", messageId });
    const untilMs = systemClock.monotonicMs() + 1_000;
    while (systemClock.monotonicMs() < untilMs);
    expect(await outcome).toMatchObject({ outcome: "delivered" });
  });

  it("costs no connection where its device has answered", async () => {
    const { connection, source } = await played();
    const patience = new AbortController();
    const outcome = send(source, topic, "ON", { signal: patience.signal, validMs: 500 });
    await connection.next("publish");
    patience.abort(answeredAlready);
    await outcome;
    await sleep(systemClock, 1_000);
    expect(source.link?.isConnected).toBe(true);
  });

  it.each([
    [0x87, false, "refused"],
    [0x97, false, "refused"],
    [0x10, false, "absent"],
    [0x10, true, "delivered"],
  ] as const)(
    "that is answered with code %d (retained: %s) is %s",
    async (reasonCode, retain, word) => {
      const { connection, source } = await played();
      const outcome = send(source, topic, "ON", { retain });
      const { messageId = 0 } = await connection.next("publish");
      connection.send({ cmd: "puback", messageId, reasonCode });
      expect(await outcome).toMatchObject({ outcome: word });
    },
  );

  it("keeps to what the broker takes", async () => {
    const properties = { maximumPacketSize: 200, receiveMaximum: 1, retainAvailable: false };
    const { connection, source } = await played({ properties });
    expect(await send(source, topic, "x".repeat(200))).toMatchObject({ outcome: "refused" });
    expect(await send(source, topic, "ON", { retain: true })).toMatchObject({ outcome: "refused" });
    const first = send(source, topic, "ON");
    expect(source.toDevices?.reaches(toDeviceId("plug"), messageOf(topic, "ON"))).toBe("later");
    expect(await send(source, topic, "OFF")).toMatchObject({ outcome: "absent" });
    const { messageId = 0 } = await connection.next("publish");
    connection.send({ cmd: "puback", messageId });
    expect(await first).toMatchObject({ outcome: "delivered" });
  });

  it("can only be sent to a broker without QoS 1", async () => {
    const { connection, source } = await played({ properties: { maximumQoS: 0 } });
    expect(await send(source, topic, "ON")).toEqual({ outcome: "sent" });
    expect((await connection.next("publish")).qos).toBe(0);
  });
});

it.each([5, "3.1.1"])("a Mosquitto hands commands on, spoken to in MQTT %s", async (version) => {
  const broker = await mosquittoProcess();
  const { source } = await openSource({ url: `mqtt://127.0.0.1:${broker.port}`, version });
  await waitUntil(() => source.link?.isConnected, "it is connected");
  const nobody = version === 5 ? "absent" : "delivered";
  expect(await send(source, topic, "ON", { validMs: 60_000 })).toMatchObject({ outcome: nobody });
  const device = await connect({ port: broker.port, clientId: "plug" });
  await device.subscribe(topic);
  expect(await send(source, topic, "ON")).toMatchObject({ outcome: "delivered" });
  await waitUntil(() => device.delivered.length === 1, "the device has it");
  expect(device.delivered).toEqual([{ topic, payload: "ON", retain: false }]);
});
