import type { IConnackPacket } from "mqtt-packet";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { hashPassword } from "../../../src/sources/mqtt-broker/password.ts";
import { parseUsers, type Users } from "../../../src/sources/mqtt-broker/users.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { peer } from "../../support/mqtt-peer.ts";
import { type Connect5Options, Mqtt5Peer, peer5 } from "../../support/mqtt5-peer.ts";

async function someUsers(): Promise<Users> {
  const password_hash = await hashPassword("secret", Buffer.from("0123456789ab"), 101);
  const checked = parseUsers([{ user: "pump", password_hash, publish: ["pump/#"] }]);
  if (!checked.ok) throw new Error("the users are wrong");
  return checked.value;
}

async function refusalOf(port: number, options: Connect5Options): Promise<IConnackPacket> {
  const stranger = new Mqtt5Peer(port);
  const connack = await stranger.open(options);
  await stranger.closed;
  return connack;
}

/** For what the generator of packets refuses to make. */
function connackFor(port: number, connect: Buffer): Promise<IConnackPacket> {
  const stranger = new Mqtt5Peer(port);
  stranger.socket.write(connect);
  return stranger.expect("connack");
}

describe("a client of MQTT 5", () => {
  test("is told what the broker takes, and what it has not", async () => {
    const { port } = await mqttBroker({ limits: { max_packet: "100KiB" } });
    const connack = await new Mqtt5Peer(port).open({ clientId: "d1" });
    expect(connack).toMatchObject({ reasonCode: 0, sessionPresent: false });
    expect(connack.properties).toEqual({
      sessionExpiryInterval: 0,
      receiveMaximum: 1_000,
      maximumPacketSize: 102_400,
      topicAliasMaximum: 32,
      sharedSubscriptionAvailable: false,
    });
  });

  test("that may keep little waiting for the disk has a small receive maximum", async () => {
    const { port } = await mqttBroker({ limits: { in_flight_bytes: "256KiB" } });
    const { properties } = await new Mqtt5Peer(port).open();
    expect(properties?.receiveMaximum).toBe(16);
  });

  test("without an identifier is given one, also where its session is to be kept", async () => {
    const { port } = await mqttBroker();
    const properties = { sessionExpiryInterval: 60 };
    const nameless = Buffer.from("\x10\x12\0\x04MQTT\x05\0\0\0\x05\x11\0\0\0\x3c\0\0", "latin1");
    const { properties: told } = await connackFor(port, nameless);
    expect(told?.assignedClientIdentifier).toMatch(/./);
    const again = await new Mqtt5Peer(port).open({
      clientId: told?.assignedClientIdentifier ?? "",
      clean: false,
      properties,
    });
    expect(again.sessionPresent).toBe(true);
  });

  test("with a wrong password is told so in words", async () => {
    const { port } = await mqttBroker({ users: { file: "u" } }, { users: await someUsers() });
    const wrong = { clientId: "d1", username: "pump", password: Buffer.from("wrong") };
    const { properties, reasonCode } = await refusalOf(port, wrong);
    expect(reasonCode).toBe(0x86);
    expect(properties?.reasonString).toBe("the user name or the password is wrong");
    const userless = Buffer.from("\x10\x17\0\x04MQTT\x05\x42\0\0\0\0\x02d1\0\x06secret", "latin1");
    expect((await connackFor(port, userless)).reasonCode).toBe(0x86);
    const right = { clientId: "d1", username: "pump", password: Buffer.from("secret") };
    expect((await new Mqtt5Peer(port).open(right)).reasonCode).toBe(0);
  });

  test.each([0, 1, 2] as const)(
    "with a wrong password publishes nothing at QoS %i behind it",
    async (qos) => {
      const { port, sink } = await mqttBroker(
        { users: { file: "u" } },
        { users: await someUsers() },
      );
      const stranger = new Mqtt5Peer(port);
      stranger.send(
        {
          cmd: "connect",
          protocolVersion: 5,
          clientId: "d1",
          clean: true,
          keepalive: 0,
          username: "pump",
          password: Buffer.from("wrong"),
        },
        {
          cmd: "publish",
          topic: "pump/1",
          payload: "x",
          qos,
          messageId: 1,
          retain: true,
          dup: false,
        },
      );
      expect((await stranger.expect<IConnackPacket>("connack")).reasonCode).toBe(0x86);
      await stranger.closed;
      expect(sink.messages).toEqual([]);
    },
  );

  test("with a will that it may not publish is refused as not authorized", async () => {
    const { port } = await mqttBroker({ users: { file: "u" } }, { users: await someUsers() });
    const { reasonCode } = await refusalOf(port, {
      clientId: "d1",
      username: "pump",
      password: Buffer.from("secret"),
      will: { topic: "other", payload: Buffer.from("x"), qos: 0, retain: false },
    });
    expect(reasonCode).toBe(0x87);
  });

  test("that asks for another way to authenticate is told that there is none", async () => {
    const { port } = await mqttBroker();
    const properties = { authenticationMethod: "SCRAM-SHA-256" };
    expect((await refusalOf(port, { clientId: "d1", properties })).reasonCode).toBe(0x8c);
  });

  test("whose CONNECT is too large, or is none, is told so", async () => {
    const { port } = await mqttBroker();
    expect((await refusalOf(port, { clientId: "d".repeat(5_000) })).reasonCode).toBe(0x95);
    const reserved = Buffer.from("\x10\x0d\0\x04MQTT\x05\x03\0\0\0\0\0", "latin1");
    expect((await connackFor(port, reserved)).reasonCode).toBe(0x81);
  });

  test("that takes no packet as large as a CONNACK gets none, and its will is not published", async () => {
    const { broker, port, sink } = await mqttBroker();
    const stranger = new Mqtt5Peer(port);
    const properties = { maximumPacketSize: 22 };
    const will = { topic: "w", payload: Buffer.from("x"), qos: 0, retain: false } as const;
    await expect(stranger.open({ clientId: "d1", properties, will })).rejects.toThrow("closed");
    const connack = await new Mqtt5Peer(port).open({ properties: { maximumPacketSize: 23 } });
    expect(connack.reasonCode).toBe(0);
    expect(broker.refusals.map(({ reason }) => reason)).toEqual(["takes-too-little"]);
    expect(sink.messages).toEqual([]);
  });

  test("that is taken over hears of it, and a client of MQTT 3.1.1 may be the other one", async () => {
    const { port } = await mqttBroker();
    const first = await peer5(port, { clientId: "d1" });
    await peer5(port, { clientId: "d1" });
    expect((await first.ended())[0]).toBe(0x8e);
    const third = await peer5(port, { clientId: "d2" });
    await peer(port, { clientId: "d2" });
    expect((await third.ended())[0]).toBe(0x8e);
  });

  test("that is silent hears of its keep alive", async () => {
    const clock = new ManualClock();
    const { port } = await mqttBroker({}, { clock });
    const device = await peer5(port, { clientId: "d1", keepalive: 10 });
    await clock.advance(500);
    await clock.advance(16_000);
    expect((await device.ended())[0]).toBe(0x8d);
  });

  test("hears that the gateway stops", async () => {
    const { broker, port } = await mqttBroker();
    const device = await peer5(port, { clientId: "d1" });
    await broker.stop();
    expect((await device.ended())[0]).toBe(0x8b);
  });

  test.each([
    ["a second CONNECT", Buffer.from("\x10\x0d\0\x04MQTT\x05\x02\0\0\0\0\0", "latin1"), 0x82],
    ["AUTH", Buffer.of(0xf0, 0), 0x82],
    ["a length of five bytes", Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff, 1), 0x81],
    ["an unknown property", Buffer.of(0x30, 6, 0, 1, 0x74, 2, 0x7e, 1), 0x81],
    ["a property twice", Buffer.of(0x30, 8, 0, 1, 0x74, 4, 1, 1, 1, 1), 0x82],
    ["a property of another packet", Buffer.of(0x30, 7, 0, 1, 0x74, 3, 0x21, 0, 1), 0x82],
    ["a topic with a wildcard", Buffer.of(0x30, 4, 0, 1, 0x23, 0), 0x90],
    ["an alias of 0", Buffer.of(0x30, 7, 0, 1, 0x74, 3, 0x23, 0, 0), 0x94],
    ["an alias that stands for nothing", Buffer.of(0x30, 6, 0, 0, 3, 0x23, 0, 7), 0x94],
    ["an alias above the maximum", Buffer.of(0x30, 7, 0, 1, 0x74, 3, 0x23, 0, 33), 0x94],
    ["a packet identifier of 0", Buffer.of(0x32, 6, 0, 1, 0x74, 0, 0, 0), 0x82],
    ["a SUBSCRIBE without flags", Buffer.of(0x80, 7, 0, 1, 0, 0, 1, 0x74, 0), 0x81],
    ["options of a filter that are reserved", Buffer.of(0x82, 7, 0, 1, 0, 0, 1, 0x74, 0x40), 0x81],
  ])("that sends %s hears why it is closed", async (_, bytes, code) => {
    const { port } = await mqttBroker();
    const device = await peer5(port, { clientId: "d1" });
    device.socket.write(bytes);
    const [reasonCode, text] = await device.ended();
    expect([reasonCode, text?.length]).toEqual([code, expect.any(Number)]);
  });

  test("hears why also while it still sends, and is gone when it does not listen", async () => {
    const { broker, port } = await mqttBroker({ limits: { max_packet: "64KiB" } });
    const device = new Mqtt5Peer(port);
    device.socket.pause();
    const connack = device.open({ clientId: "d1" });
    await vi.waitFor(() => expect(broker.clients).toBe(1));
    device.publish("t", { payload: Buffer.alloc(4 * 2 ** 20) });
    await vi.waitFor(() => expect(broker.clients).toBe(0), 10_000);
    device.socket.resume();
    await connack;
    expect((await device.ended())[0]).toBe(0x95);
    onTestFinished(() => void device.socket.destroy());
  });
});
