import type {
  IPublishPacket,
  IPubrelPacket,
  IUnsubackPacket,
  IUnsubscribePacket,
} from "mqtt-packet";
import { describe, expect, test, vi } from "vitest";
import { hashPassword } from "../../../src/sources/mqtt-broker/password.ts";
import { parseUsers } from "../../../src/sources/mqtt-broker/users.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { peer } from "../../support/mqtt-peer.ts";
import { peer5 } from "../../support/mqtt5-peer.ts";

const kept = { clean: false, properties: { sessionExpiryInterval: 0xffff_ffff } };
const topicsOf = (publishes: readonly IPublishPacket[]): string[] =>
  publishes.map(({ topic }) => topic);

describe("a filter of MQTT 5", () => {
  test("is granted, or refused by a code that says why", async () => {
    const password_hash = await hashPassword("secret", Buffer.from("0123456789ab"), 101);
    const users = parseUsers([{ user: "pump", password_hash, subscribe: ["cmd/#"] }]);
    if (!users.ok) throw new Error("the users are wrong");
    const { port } = await mqttBroker({ users: { file: "u" } }, { users: users.value });
    const device = await peer5(port, { username: "pump", password: Buffer.from("secret") });
    const filters = [
      "cmd/1",
      "other",
      "$share/g/cmd/1",
      "$SYS/#",
      "cmd/a#",
      `cmd${"/+".repeat(5_000)}`,
    ];
    expect(await device.subscribe(filters.map((topic) => ({ topic, qos: 1 })))).toEqual([
      1, 0x87, 0x9e, 0x8f, 0x8f, 0x97,
    ]);
    const unsubscribe: IUnsubscribePacket = {
      cmd: "unsubscribe",
      messageId: 2,
      unsubscriptions: ["cmd/1", "x"],
    };
    const unsuback = await device.ask<IUnsubackPacket>(unsubscribe, "unsuback");
    expect(unsuback.granted).toEqual([0, 0x11]);
  });

  test("with no-local brings nothing of the subscriber itself, also beside one without", async () => {
    const { port } = await mqttBroker();
    const [device, other] = [await peer5(port), await peer5(port)];
    await device.subscribe([{ topic: "a/#", qos: 0, nl: true }], 1);
    await device.subscribe([{ topic: "a/b", qos: 0 }], 2);
    device.publish("a/1");
    device.publish("a/b");
    other.publish("a/2");
    other.publish("a/b");
    await other.all();
    const came = (await device.publishes()).map(({ topic, properties }) => [
      topic,
      properties?.subscriptionIdentifier,
    ]);
    expect(came).toEqual(
      expect.arrayContaining([
        ["a/b", 2],
        ["a/2", 1],
        ["a/b", [1, 2]],
      ]),
    );
    expect(came).toHaveLength(3);
  });

  test("with retain-as-published brings the flag, one without does not", async () => {
    const { port } = await mqttBroker();
    const [device, plain, other] = [await peer5(port), await peer5(port), await peer(port)];
    await device.subscribe([{ topic: "t", qos: 0, rap: true }]);
    await plain.subscribe([{ topic: "t", qos: 0 }]);
    await other.publish("t", "x", { qos: 0, retain: true });
    await other.publish("t", "y", { qos: 0 });
    expect((await device.publishes()).map(({ retain }) => retain)).toEqual([true, false]);
    expect((await plain.publishes()).map(({ retain }) => retain)).toEqual([false, false]);
  });

  test("brings what is retained always, when it is new, or never", async () => {
    const { port } = await mqttBroker();
    const [device, other] = [await peer5(port), await peer(port)];
    await other.publish("t", "x", { retain: true });
    const cameFor = async (rh: 0 | 1 | 2): Promise<number> => {
      await device.subscribe([{ topic: "t", qos: 0, rh }]);
      return (await device.publishes()).length;
    };
    expect([await cameFor(2), await cameFor(1), await cameFor(0), await cameFor(0)]).toEqual([
      0, 0, 1, 1,
    ]);
    device.send({ cmd: "unsubscribe", messageId: 9, unsubscriptions: ["t"] });
    await device.expect("unsuback");
    expect([await cameFor(1), await cameFor(1)]).toEqual([1, 0]);
  });
});

describe("a subscriber of MQTT 5", () => {
  test("gets properties and identifiers with retained messages too, while they are of use", async () => {
    const clock = new ManualClock();
    const { port } = await mqttBroker({}, { clock });
    const [device, other] = [await peer5(port), await peer5(port)];
    const properties = { messageExpiryInterval: 10, contentType: "text/plain" };
    other.publish("t/1", { qos: 1, messageId: 1, retain: true, properties });
    await other.expect("puback");
    await clock.advance(3_500);
    await device.subscribe([{ topic: "t/#", qos: 0 }], 300);
    const [came] = await device.publishes();
    expect(came?.properties).toEqual({
      contentType: "text/plain",
      messageExpiryInterval: 7,
      subscriptionIdentifier: 300,
    });
    await clock.advance(7_000);
    await device.subscribe([{ topic: "t/#", qos: 0 }]);
    expect(await device.publishes()).toEqual([]);
  });

  test("gets a message that waited for less than a second with all of the time that it had", async () => {
    const clock = new ManualClock();
    const { port } = await mqttBroker({}, { clock });
    const [device, other] = [await peer5(port), await peer5(port)];
    const properties = { messageExpiryInterval: 1 };
    other.publish("t/1", { qos: 1, messageId: 1, retain: true, properties });
    await other.expect("puback");
    await clock.advance(999);
    await device.subscribe([{ topic: "t/#", qos: 0 }]);
    expect((await device.publishes())[0]?.properties).toEqual(properties);
  });

  test.each([
    ["puback", 0x92],
    ["pubrec", 0xff],
    ["pubrel", 0x80],
    ["pubcomp", 0x10],
  ] as const)(
    "that sends a %s with a reason that it does not have is closed",
    async (cmd, code) => {
      const { port } = await mqttBroker();
      const device = await peer5(port);
      const types = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 };
      device.socket.write(Buffer.of(types[cmd], 3, 0, 1, code));
      expect(await device.ended()).toEqual([0x81, "the packet has no such reason code"]);
    },
  );

  test("that was away gets what is of use still", async () => {
    const clock = new ManualClock();
    const { broker, port } = await mqttBroker({}, { clock });
    const [device, other] = [await peer5(port, { clientId: "d1", ...kept }), await peer5(port)];
    await device.subscribe([{ topic: "#", qos: 1 }]);
    device.socket.destroy();
    await vi.waitFor(() => expect(broker.clients).toBe(1));
    other.publish("short", { qos: 1, messageId: 1, properties: { messageExpiryInterval: 2 } });
    other.publish("long", { qos: 1, messageId: 2, properties: { messageExpiryInterval: 9 } });
    other.publish("ever", { qos: 1, messageId: 3 });
    await other.take(3);
    await clock.advance(3_000);
    const again = await peer5(port, { clientId: "d1", ...kept });
    expect(topicsOf(await again.publishes())).toEqual(["long", "ever"]);
  });

  test("has no more under way than it takes, also after it came back", async () => {
    const { port } = await mqttBroker();
    const two = { clean: false, properties: { sessionExpiryInterval: 60, receiveMaximum: 2 } };
    const device = await peer5(port, { clientId: "d1", ...kept });
    const other = await peer(port);
    await device.subscribe([{ topic: "#", qos: 2 }]);
    for (const topic of ["a", "b", "c", "d"]) await other.publish(topic, "x");
    expect(topicsOf(await device.publishes())).toEqual(["a", "b", "c", "d"]);
    device.socket.destroy();
    await device.closed;
    const again = await peer5(port, { clientId: "d1", ...two });
    const [first, second, ...more] = await again.publishes();
    expect([first?.topic, first?.dup, second?.topic, more.length]).toEqual(["a", true, "b", 0]);
    again.send({ cmd: "puback", messageId: second?.messageId ?? 0 });
    expect(await again.take(1)).toMatchObject([{ topic: "c", dup: true }]);
    await other.publish("e", "x", { qos: 2 });
    again.send({ cmd: "puback", messageId: first?.messageId ?? 0 });
    expect(await again.take(1)).toMatchObject([{ topic: "d", dup: true }]);
  });

  test("that refuses a message of QoS 2 is not asked for its PUBCOMP", async () => {
    const { port } = await mqttBroker();
    const device = await peer5(port, { properties: { receiveMaximum: 1 } });
    const other = await peer(port);
    await device.subscribe([{ topic: "#", qos: 2 }]);
    for (const topic of ["a", "b"]) await other.publish(topic, "x", { qos: 2 });
    const [first] = await device.publishes();
    device.send({ cmd: "pubrec", messageId: first?.messageId ?? 0, reasonCode: 0x83 });
    expect(await device.take(1)).toMatchObject([{ cmd: "publish", topic: "b" }]);
    const pubrel = await device.ask<IPubrelPacket>({ cmd: "pubrec", messageId: 999 }, "pubrel");
    expect(pubrel.reasonCode).toBe(0x92);
  });

  test("gets nothing that is larger than it takes, which is counted, and what is behind it", async () => {
    const { broker, port } = await mqttBroker();
    const device = await peer5(port, { clientId: "d1", properties: { maximumPacketSize: 64 } });
    const other = await peer(port);
    await device.subscribe([{ topic: "#", qos: 1 }]);
    for (const qos of [0, 1] as const) {
      await other.publish("large", "x".repeat(64), { qos });
      await other.publish("small", "x", { qos });
    }
    expect(topicsOf(await device.publishes())).toEqual(["small", "small"]);
    await vi.waitFor(() =>
      expect(broker.refusals).toContainEqual(
        expect.objectContaining({
          reason: "subscriber-takes-less",
          last: expect.objectContaining({ client: "d1", atMost: 64 }),
        }),
      ),
    );
  });
});
