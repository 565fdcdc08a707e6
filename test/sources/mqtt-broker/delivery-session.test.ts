import { describe, expect, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { MqttPeer, type PeerOptions, peer } from "../../support/mqtt-peer.ts";

const kept: PeerOptions = { clientId: "one", clean: false };

async function sessionPresent(port: number, options: PeerOptions): Promise<unknown> {
  const one = new MqttPeer(port);
  const { sessionPresent: present } = await one.open(options);
  await one.leave();
  return present;
}

describe("session present", () => {
  test("is 0 for a session that is new, 1 for one that was kept [MQTT-3.2.2-2, 3.2.2-3]", async () => {
    const { port } = await mqttBroker();
    expect(await sessionPresent(port, kept)).toBe(false);
    expect(await sessionPresent(port, kept)).toBe(true);
  });

  test("is 1 for a client that only publishes and was cut off in the middle [MQTT-3.2.2-2]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port, kept);
    await publisher.ask(
      { cmd: "publish", topic: "t", payload: "x", qos: 2, messageId: 5, retain: false, dup: false },
      "pubrec",
    );
    await publisher.vanish();
    expect(await sessionPresent(port, kept)).toBe(true);
  });

  test("is 0 for a client that begins anew, and then there is nothing to resume [MQTT-3.2.2-1, 3.1.2-6]", async () => {
    const { port } = await mqttBroker();
    await sessionPresent(port, kept);
    expect(await sessionPresent(port, { ...kept, clean: true })).toBe(false);
    expect(await sessionPresent(port, kept)).toBe(false);
  });

  test("is 0 where the client is refused [MQTT-3.2.2-4]", async () => {
    const { port } = await mqttBroker();
    const unnamed = new MqttPeer(port);
    unnamed.socket.write(Buffer.from("\x10\x0c\0\x04MQTT\x04\0\0\0\0\0", "latin1"));
    expect(await unnamed.next()).toMatchObject({ returnCode: 2, sessionPresent: false });
  });

  test("is 1 for a session that is taken over [MQTT-3.1.4-2]", async () => {
    const { port } = await mqttBroker();
    const before = await peer(port, kept);
    expect(await sessionPresent(port, kept)).toBe(true);
    await before.closed;
  });
});

describe("a clean session", () => {
  test("ends with its connection [MQTT-3.1.2-6]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    const one = await peer(port, { clientId: "one" });
    await one.subscribe(["t", 1]);
    await one.vanish();
    await publisher.publish("t", "missed");
    const again = await peer(port, { clientId: "one" });
    await publisher.publish("t", "not subscribed");
    expect(await again.all()).toEqual([]);
  });

  test("of a client that had a kept one before gets its messages [MQTT-3.1.2-6]", async () => {
    const { port } = await mqttBroker();
    for (const options of [kept, { clientId: "one" }, kept]) {
      const one = await peer(port, options);
      await one.subscribe(["t", 1]);
      await (await peer(port)).publish("t", "x");
      const [delivery] = await one.publishes();
      expect(delivery?.payload.toString()).toBe("x");
      one.send({ cmd: "puback", messageId: delivery?.messageId ?? 0 });
      await one.leave();
    }
  });

  test("takes the subscriptions and messages of the kept one away [MQTT-3.1.2-6]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    const one = await peer(port, kept);
    await one.subscribe(["t", 1]);
    await one.leave();
    await publisher.publish("t", "missed");
    await (await peer(port, { clientId: "one" })).leave();
    const again = await peer(port, kept);
    await publisher.publish("t", "not subscribed");
    expect(await again.all()).toEqual([]);
  });
});

describe("a kept session", () => {
  async function away(port: number, ...filters: readonly (readonly [string, 0 | 1 | 2])[]) {
    const one = await peer(port, kept);
    await one.subscribe(...filters);
    await one.leave();
  }

  test("keeps its subscriptions and what they were granted [MQTT-3.1.2-4]", async () => {
    const { port } = await mqttBroker();
    await away(port, ["a/+", 1], ["b", 0]);
    const publisher = await peer(port);
    const one = await peer(port, kept);
    await publisher.publish("a/1", "x", { qos: 2 });
    await publisher.publish("b", "x", { qos: 2 });
    expect(await one.deliveries()).toEqual(["a/1=x q1", "b=x q0"]);
  });

  test("gets what it missed at QoS 1 and 2, in order, without DUP [MQTT-3.1.2-5, 3.3.1-1]", async () => {
    const { port } = await mqttBroker();
    await away(port, ["t/#", 2], ["t/1", 0]);
    const publisher = await peer(port);
    await publisher.publish("t/1", "a", { qos: 1 });
    await publisher.publish("t/2", "b", { qos: 2 });
    await publisher.publish("t/1", "c", { qos: 0 });
    await publisher.publish("t/3", "d", { qos: 1 });
    const one = await peer(port, kept);
    expect(await one.deliveries()).toEqual(["t/1=a q1", "t/2=b q2", "t/3=d q1"]);
  });

  test("gets no message that comes while it is away at a granted QoS 0 [MQTT-3.1.2.4]", async () => {
    const { port } = await mqttBroker();
    await away(port, ["t", 0]);
    await (await peer(port)).publish("t", "x", { qos: 2 });
    expect(await (await peer(port, kept)).all()).toEqual([]);
  });

  test("that unsubscribed gets nothing that comes after [MQTT-3.10.4-2]", async () => {
    const { port } = await mqttBroker();
    await away(port, ["t", 1]);
    const one = await peer(port, kept);
    await one.unsubscribe("t");
    await one.leave();
    await (await peer(port)).publish("t", "x");
    expect(await (await peer(port, kept)).all()).toEqual([]);
  });

  test("is sent again with DUP and the same numbers what it did not acknowledge, in order [MQTT-4.4.0-1, 3.3.1-1, 4.6.0-1]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    const one = await peer(port, kept);
    await one.subscribe(["t", 2]);
    for (const [payload, qos] of [
      ["a", 1],
      ["b", 2],
      ["c", 1],
      ["d", 2],
    ] as const) {
      await publisher.publish("t", payload, { qos });
    }
    const before = await one.publishes();
    one.send({ cmd: "puback", messageId: before[0]?.messageId ?? 0 });
    await one.all();
    await one.leave();
    await publisher.publish("t", "e");
    const again = await peer(port, kept);
    const after = await again.publishes();
    expect(after.map(({ payload, dup, qos }) => `${payload} ${qos} ${dup}`)).toEqual([
      "b 2 true",
      "c 1 true",
      "d 2 true",
      "e 1 false",
    ]);
    expect(after.slice(0, 3).map(({ messageId }) => messageId)).toEqual(
      before.slice(1).map(({ messageId }) => messageId),
    );
  });

  test("is sent PUBREL again for what it received, and no PUBLISH [MQTT-4.4.0-1, 4.3.3-1]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    const one = await peer(port, kept);
    await one.subscribe(["t", 2]);
    await publisher.publish("t", "x", { qos: 2 });
    const messageId = (await one.publishes())[0]?.messageId ?? 0;
    await one.ask({ cmd: "pubrec", messageId }, "pubrel");
    await one.vanish();
    for (let time = 0; time < 2; time += 1) {
      const again = await peer(port, kept);
      expect(await again.all()).toMatchObject([{ cmd: "pubrel", messageId }]);
      await again.vanish();
    }
    const last = await peer(port, kept);
    await last.next();
    last.send({ cmd: "pubcomp", messageId });
    await last.all();
    await last.leave();
    expect(await (await peer(port, kept)).all()).toEqual([]);
  });

  test("is not sent again what it acknowledged, also when the next connection follows at once [MQTT-4.3.2-1]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    const one = await peer(port, kept);
    await one.subscribe(["t", 1]);
    for (let n = 0; n < 150; n += 1) await publisher.publish("t", `${n}`);
    const messages: string[] = [];
    let connection = one;
    while (messages.length < 150) {
      for (const { payload, messageId = 0 } of await connection.publishes()) {
        messages.push(payload.toString());
        connection.send({ cmd: "puback", messageId });
      }
      await connection.all();
      await connection.vanish();
      connection = await peer(port, kept);
    }
    expect(messages).toEqual(Array.from({ length: 150 }, (_, n) => `${n}`));
  });

  test("that is taken over goes on where it was, and the old connection has no say any more [MQTT-3.1.4-2]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    const before = await peer(port, kept);
    await before.subscribe(["t", 1]);
    await publisher.publish("t", "a");
    await before.all();
    const now = await peer(port, kept);
    await before.closed;
    await publisher.publish("t", "b");
    expect(await now.deliveries()).toEqual(["t=a q1 dup", "t=b q1"]);
  });

  test("misses nothing that comes while its client changes connections [MQTT-3.1.2-5]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    let one = await peer(port, kept);
    await one.subscribe(["t", 1]);
    const got = new Set<string>();
    const publishing = (async () => {
      for (let n = 0; n < 100; n += 1) await publisher.publish("t", `${n}`);
    })();
    await vi.waitFor(async () => {
      for (const { payload, messageId = 0 } of await one.publishes()) {
        got.add(payload.toString());
        one.send({ cmd: "puback", messageId });
      }
      await one.vanish();
      one = await peer(port, kept);
      expect(got.size).toBe(100);
    }, 10_000);
    await publishing;
  });

  test("that subscribes at QoS 2 to what is retained gets it, and stays connected [MQTT-3.3.1-6]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    await publisher.publish("t", "x", { qos: 2, retain: true });
    const one = await peer(port, kept);
    await one.subscribe(["t", 2]);
    expect(await one.deliveries()).toEqual(["t=x q2 retain"]);
    await one.vanish();
    expect(await (await peer(port, kept)).deliveries()).toEqual(["t=x q2 retain dup"]);
  });

  test("gets what waited before what comes now, however much it is [MQTT-4.6.0-6]", async () => {
    const { port } = await mqttBroker();
    await away(port, ["t", 1]);
    const publisher = await peer(port);
    for (let n = 0; n < 300; n += 1) await publisher.publish("t", `${n}`);
    const one = await peer(port, kept);
    const live = (async () => {
      for (let n = 300; n < 400; n += 1) await publisher.publish("t", `${n}`);
    })();
    const got: string[] = [];
    while (got.length < 400) {
      const packet = await one.next();
      if (packet.cmd !== "publish") continue;
      got.push(packet.payload.toString());
      one.send({ cmd: "puback", messageId: packet.messageId ?? 0 });
    }
    expect(got).toEqual(Array.from({ length: 400 }, (_, n) => `${n}`));
    await live;
  });

  test("still gets messages after many connections that completed nothing [MQTT-4.4.0-1]", async () => {
    const { port } = await mqttBroker();
    const publisher = await peer(port);
    await away(port, ["t", 2]);
    for (let n = 0; n < 30; n += 1) {
      await publisher.publish("t", `${n}`, { qos: 2 });
      const one = await peer(port, kept);
      expect(await one.publishes()).toHaveLength(n + 1);
      await one.leave();
    }
  });

  test("of another client has nothing to do with it [MQTT-3.1.3-2]", async () => {
    const { port } = await mqttBroker();
    await away(port, ["t", 1]);
    const other = await peer(port, { clientId: "One", clean: false });
    await (await peer(port)).publish("t", "x");
    expect(await other.all()).toEqual([]);
    expect(await (await peer(port, kept)).deliveries()).toEqual(["t=x q1"]);
  });
});

test("more kept sessions than are allowed, of clients that are gone for ever, leave room for one more", async () => {
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (text: string) => void warnings.push(text),
    error() {},
  };
  const limits = { max_clients: 20, connects_per_second: 1_000 };
  const { port } = await mqttBroker({ limits }, { logger });
  for (let n = 0; n < 30; n += 1) {
    await (await peer(port, { clientId: `random-${n}`, clean: false })).leave();
  }
  expect(await sessionPresent(port, { clientId: "valve", clean: false })).toBe(false);
  expect(await sessionPresent(port, { clientId: "valve", clean: false })).toBe(true);
  expect(await sessionPresent(port, { clientId: "random-0", clean: false })).toBe(false);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("gave up the session");
});
