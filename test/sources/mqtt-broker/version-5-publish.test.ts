import type { IPubackPacket, IPubcompPacket, IPubrecPacket } from "mqtt-packet";
import { describe, expect, test, vi } from "vitest";
import { hashPassword } from "../../../src/sources/mqtt-broker/password.ts";
import { parseUsers } from "../../../src/sources/mqtt-broker/users.ts";
import { mqttBroker, type TestBroker } from "../../support/mqtt-broker.ts";
import { type Mqtt5Peer, peer5 } from "../../support/mqtt5-peer.ts";

const said = {
  contentType: "application/json",
  responseTopic: "answers/1",
  correlationData: Buffer.of(1, 2, 3),
  userProperties: { traceparent: "00-1", site: ["a", "b"] },
};

describe("a message of MQTT 5", () => {
  test.each([0, 1, 2] as const)("at QoS %i brings its properties to the sink", async (qos) => {
    const { port, sink } = await mqttBroker();
    const device = await peer5(port);
    const properties = { ...said, payloadFormatIndicator: true, messageExpiryInterval: 5 };
    device.publish("t", { qos, messageId: 7, properties });
    if (qos === 1)
      expect(await device.expect<IPubackPacket>("puback")).toMatchObject({ messageId: 7 });
    if (qos === 2)
      expect(await device.expect<IPubrecPacket>("pubrec")).toMatchObject({ messageId: 7 });
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    expect(sink.messages[0]?.attributes.properties).toEqual({
      contentType: "application/json",
      responseTopic: "answers/1",
      correlationData: Uint8Array.of(1, 2, 3),
      user: [
        ["traceparent", "00-1"],
        ["site", "a"],
        ["site", "b"],
      ],
    });
  });

  test("without properties has none for the sink", async () => {
    const { port, sink } = await mqttBroker();
    const device = await peer5(port);
    device.publish("t", { qos: 1, messageId: 1 });
    device.publish("t", { properties: { messageExpiryInterval: 5 } });
    await vi.waitFor(() => expect(sink.messages).toHaveLength(2));
    expect(sink.messages.map(({ attributes }) => attributes)).toEqual([{}, { unanswered: true }]);
  });

  test("with more properties than are kept brings the first of them", async () => {
    const { port, sink } = await mqttBroker();
    const device = await peer5(port);
    const userProperties = { a: "1", b: "x".repeat(4_090), c: "3" };
    device.publish("t", { properties: { userProperties } });
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    expect(sink.messages[0]?.attributes.properties).toEqual({ user: [["a", "1"]] });
  });

  test("is acknowledged when it and all before it are on disk, in order", async () => {
    const { port, sink } = await mqttBroker();
    sink.stalled = true;
    const device = await peer5(port);
    device.publish("t", { qos: 1, messageId: 1 });
    device.publish("t", { qos: 2, messageId: 2 });
    device.publish("$t", { qos: 1, messageId: 3 });
    device.publish("t", { qos: 1, messageId: 4 });
    await vi.waitFor(() => expect(sink.messages).toHaveLength(3));
    expect(await device.all()).toEqual([]);
    sink.ackAll();
    const answers = (await device.take(4)).map((one) => [one.cmd, one.messageId]);
    expect(answers).toEqual([
      ["puback", 1],
      ["pubrec", 2],
      ["puback", 3],
      ["puback", 4],
    ]);
  });

  test("is named by an alias from its second time on, on this connection only", async () => {
    const { port, sink } = await mqttBroker();
    const device = await peer5(port);
    const properties = { topicAlias: 32 };
    device.publish("first", { properties });
    device.publish("", { properties });
    device.publish("second", { properties });
    device.publish("", { properties });
    await vi.waitFor(() => expect(sink.messages).toHaveLength(4));
    expect(sink.messages.map(({ address }) => address)).toEqual([
      "first",
      "first",
      "second",
      "second",
    ]);
    const other = await peer5(port);
    other.publish("", { properties });
    expect((await other.ended())[0]).toBe(0x94);
  });

  test("has no alias where the topics of all are too long", async () => {
    const { port } = await mqttBroker();
    const device = await peer5(port);
    device.publish("t".repeat(10_000), { properties: { topicAlias: 1 } });
    device.publish("t".repeat(10_000), { properties: { topicAlias: 1 } });
    expect(await device.all()).toEqual([]);
    device.publish("t".repeat(10_000), { properties: { topicAlias: 2 } });
    expect((await device.ended())[0]).toBe(0x94);
  });

  test("above the receive maximum ends the connection, below it none does", async () => {
    const { port } = await mqttBroker({ limits: { in_flight_bytes: "64KiB" } });
    const device = await peer5(port);
    for (let round = 0; round < 3; round += 1) {
      for (let messageId = 1; messageId <= 10; messageId += 1)
        device.publish("t", { qos: 1, messageId });
      expect(await device.take(10)).toHaveLength(10);
    }
    for (let messageId = 1; messageId <= 10; messageId += 1)
      device.publish("t", { qos: 2, messageId });
    expect(await device.take(10)).toHaveLength(10);
    device.send({ cmd: "pubrel", messageId: 4 });
    expect(await device.expect<IPubcompPacket>("pubcomp")).toMatchObject({
      messageId: 4,
      reasonCode: 0,
    });
    device.publish("t", { qos: 2, messageId: 4, payload: "y" });
    expect(await device.take(1)).toHaveLength(1);
    device.publish("t", { qos: 1, messageId: 11 });
    expect((await device.ended())[0]).toBe(0x93);
  });

  test("larger than the maximum ends the connection, and what came before it is there", async () => {
    const { port, sink } = await mqttBroker({ limits: { max_packet: "1KiB" } });
    const device = await peer5(port);
    device.publish("t", { payload: "a" });
    device.publish("t", { payload: Buffer.alloc(1_024) });
    expect(await device.ended()).toEqual([0x95, "the packet is larger than the broker takes"]);
    expect(sink.messages.length).toBeLessThan(2);
  });
});

describe("a message of MQTT 5 that is refused", () => {
  async function guarded(): Promise<TestBroker & { device: Mqtt5Peer }> {
    const password_hash = await hashPassword("secret", Buffer.from("0123456789ab"), 101);
    const users = parseUsers([{ user: "pump", password_hash, publish: ["pump/#"] }]);
    if (!users.ok) throw new Error("the users are wrong");
    const broker = await mqttBroker({ users: { file: "u" } }, { users: users.value });
    const device = await peer5(broker.port, {
      clientId: "d1",
      username: "pump",
      password: Buffer.from("secret"),
    });
    return { ...broker, device };
  }

  test.each([
    ["to a topic that is not the user's", "other", "x", 0x87],
    ["to a topic of the broker", "$SYS/x", "x", 0x90],
    ["to a topic of too many levels", `pump${"/a".repeat(100)}`, "x", 0x90],
    ["with a payload that is not the text it is said to be", "pump/1", Buffer.of(0xff), 0x99],
  ])("%s is answered, and the connection lives", async (_, topic, payload, code) => {
    const { broker, device, sink } = await guarded();
    const properties = { payloadFormatIndicator: true };
    device.publish(topic, { payload, properties });
    device.publish(topic, { qos: 1, messageId: 1, payload, properties });
    device.publish(topic, { qos: 2, messageId: 2, payload, properties });
    device.publish("pump/1", { qos: 1, messageId: 3, payload: "good" });
    const answers = (await device.take(3)) as (IPubackPacket | IPubrecPacket)[];
    expect(answers.map(({ cmd, messageId, reasonCode }) => [cmd, messageId, reasonCode])).toEqual([
      ["puback", 1, code],
      ["pubrec", 2, code],
      ["puback", 3, 0],
    ]);
    expect(answers[0]?.properties?.reasonString).toMatch(/[a-z]/);
    expect(sink.payloads).toEqual(["good"]);
    expect(broker.refusals[0]).toMatchObject({
      what: "refused a message and told its client",
      count: 3,
      last: { client: "d1", user: "pump", packet: "PUBLISH" },
    });
  });

  test("does not shut its client out", async () => {
    const { device, port } = await guarded();
    device.publish("other", { qos: 1, messageId: 1 });
    await device.expect("puback");
    const options = { clientId: "d1", username: "pump", password: Buffer.from("secret") };
    await expect(peer5(port, options)).resolves.toBeDefined();
  });

  test("is refused without words where the client wants none, or takes none", async () => {
    const { port } = await mqttBroker();
    for (const properties of [{ requestProblemInformation: false }, { maximumPacketSize: 23 }]) {
      const device = await peer5(port, { properties });
      device.publish("$t", { qos: 1, messageId: 1 });
      const { properties: told, reasonCode } = await device.expect<IPubackPacket>("puback");
      expect([reasonCode, told?.reasonString]).toEqual([0x90, undefined]);
    }
  });
});
