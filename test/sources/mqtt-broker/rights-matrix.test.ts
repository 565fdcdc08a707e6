/**
 * What each device may do with each class of topics, by every way that MQTT has. The broker is asked by raw
 * clients; the table is what a users file promises.
 */
import type { IPubackPacket, IPubrecPacket } from "mqtt-packet";
import { describe, expect, test, vi } from "vitest";
import type { AuditFacts } from "../../../src/core/audit.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { MqttDevice } from "../../support/mqtt-device.ts";
import { mqttUsers, passwordOf } from "../../support/mqtt-users.ts";
import { Mqtt5Peer, peer5 } from "../../support/mqtt5-peer.ts";

const users = mqttUsers({
  f7: { publish: ["s/f7/#", "shared/+/up", "c/%c/#"], subscribe: ["cmd/f7/+", "c/%c/#", "all"] },
  mute: {},
  wide: { publish: ["#"], subscribe: ["#"] },
  one: { publish: ["+"], subscribe: ["+/x"] },
});

/** By user: topics that it may publish to, of all that are tried. */
const publishable: Readonly<Record<string, readonly string[]>> = {
  f7: ["s/f7", "s/f7/t", "s/f7/a//b", "shared/x/up", "shared//up"],
  mute: [],
  wide: [
    ...["s/f7", "s/f7/t", "s/f7/a//b", "shared/x/up", "shared//up", "s/f8/t", "s", "S/f7/t"],
    ...["s/f7x/t", "shared/x/y/up", "/s/f7/t", "%u", "all", "ü"],
  ],
  one: ["s", "all", "%u", "ü"],
};
const topics = [...(publishable["wide"] ?? []), "$SYS/broker/x", "$share/g/s/f7/t", "$s/f7/t"];

/** By user: filters that it may subscribe to. */
const subscribable: Readonly<Record<string, readonly string[]>> = {
  f7: ["cmd/f7/a", "cmd/f7/+", "all"],
  mute: [],
  wide: [
    ...[
      "cmd/f7/a",
      "cmd/f7/+",
      "all",
      "cmd/f7/#",
      "cmd/f8/a",
      "#",
      "+",
      "+/#",
      "cmd/+/a",
      "+/f7/a",
    ],
    ...["/cmd/f7/a", "cmd/f7", "cmd/f7/a/b", "+/x", "s/x"],
  ],
  one: ["+/x", "s/x"],
};
const filters = [
  ...(subscribable["wide"] ?? []),
  ...["$SYS/#", "$SYS/+/x", "$share/g/cmd/f7/a", "$share/g/#", "$share/#", "$queue/all"],
];

const names = Object.keys(publishable);
const ids = Array(10_000).keys();

async function openBroker(audited: AuditFacts[] = []) {
  const audit = { note() {}, count: (facts: AuditFacts) => void audited.push(facts) };
  const here = await mqttBroker({ users: { file: "u" } }, { users: await users, audit });
  const { port } = here;
  // A client that is refused is shut out for a while, so each try is another's.
  const nextId = (): string => `client-${ids.next().value}`;
  const as = (username: string) => ({ clientId: nextId(), username });
  return {
    ...here,
    async v4(name: string, more: object = {}): Promise<readonly [MqttDevice, number]> {
      const device = new MqttDevice(port);
      return [device, await device.open({ ...as(name), password: passwordOf(name), ...more })];
    },
    v5: (name: string, more: object = {}) =>
      peer5(port, { ...as(name), password: Buffer.from(passwordOf(name)), ...more }),
    as5: (name: string) => ({ ...as(name), password: Buffer.from(passwordOf(name)) }),
    /** What stands in the log, and what a newcomer is told of what was retained. */
    async seen(): Promise<{ stored: string[]; retained: string[] }> {
      const listener = new MqttDevice(port);
      await listener.open({ ...as("wide"), password: passwordOf("wide") });
      await listener.subscribe("#");
      await listener.ping();
      listener.destroy();
      return {
        stored: here.sink.messages.map(({ address }) => address).sort(),
        retained: listener.delivered.map(({ topic }) => topic).sort(),
      };
    },
  };
}

describe.each(names)("a device %s", (name) => {
  const may = publishable[name] ?? [];

  test.each([
    [0, false],
    [1, true],
    [2, false],
  ] as const)(
    "publishes at QoS %i what it may, and nothing else, retained: %s",
    async (qos, retain) => {
      const audited: AuditFacts[] = [];
      const { seen, v4, v5 } = await openBroker(audited);
      for (const topic of topics) {
        const [device] = await v4(name);
        const publishing = device.publish(topic, "4", { qos, retain });
        // There is no other answer in that version than to be closed.
        if (may.includes(topic)) await publishing.then(() => device.ping());
        else await Promise.all([device.closed, publishing.catch(() => {})]);
        device.destroy();
      }
      const peer = await v5(name);
      for (const [at, topic] of topics.entries()) {
        peer.publish(topic, { qos, retain, messageId: at + 1, payload: "5" });
        if (qos === 0) continue;
        const { reasonCode } = await peer.expect<IPubackPacket | IPubrecPacket>(
          qos === 1 ? "puback" : "pubrec",
        );
        const wanted = may.includes(topic) ? 0 : topic.startsWith("$") ? 0x90 : 0x87;
        expect([topic, reasonCode]).toEqual([topic, wanted]);
        if (qos === 2 && wanted === 0)
          await peer.ask({ cmd: "pubrel", messageId: at + 1 }, "pubcomp");
      }
      await peer.all();
      const { retained, stored } = await seen();
      expect(stored).toEqual([...may, ...may].sort());
      expect(retained).toEqual(retain ? [...may].sort() : []);
      const refused = audited.filter(({ outcome }) => outcome === "refused");
      expect(new Set(refused.map(({ action, by }) => `${by} ${action}`))).toEqual(
        new Set([`${name} mqtt-publish`]),
      );
      expect(refused).toHaveLength(2 * (topics.length - may.length));
    },
  );

  test("leaves a will where it might have published it itself, and nowhere else", async () => {
    const { as5, port, seen, sink, v4 } = await openBroker();
    for (const topic of topics) {
      const isAllowed = may.includes(topic);
      const will = { topic, payload: "will", qos: 1 as const, retain: true };
      const [device, code] = await v4(name, { will });
      expect([topic, code]).toEqual([topic, isAllowed ? 0 : 5]);
      device.destroy();
      const peer = new Mqtt5Peer(port);
      const { reasonCode } = await peer.open({
        ...as5(name),
        will: { ...will, payload: Buffer.from("will") },
      });
      expect([topic, reasonCode]).toEqual([topic, isAllowed ? 0 : 0x87]);
      peer.socket.destroy();
    }
    await vi.waitFor(() => expect(sink.messages).toHaveLength(2 * may.length));
    const { retained, stored } = await seen();
    expect(stored).toEqual([...may, ...may].sort());
    expect(retained).toEqual([...may].sort());
  });

  test("gets by an alias no further than by the topic", async () => {
    const { seen, v5 } = await openBroker();
    const peer = await v5(name);
    const usable = topics.slice(0, 30);
    for (const [at, topic] of usable.entries()) {
      const properties = { topicAlias: at + 1 };
      peer.publish(topic, { properties });
      peer.publish("", { properties });
    }
    await peer.all();
    const twice = usable.filter((topic) => may.includes(topic)).flatMap((topic) => [topic, topic]);
    expect((await seen()).stored).toEqual(twice.sort());
  });

  test("subscribes to what it may, and hears nothing else", async () => {
    const { v4, v5 } = await openBroker();
    const mayHear = subscribable[name] ?? [];
    const [device] = await v4(name);
    const granted = await device.subscribe(...filters);
    const [writer] = await v4("wide");
    const heard = ["all", "cmd/f7/a", "cmd/f8/a", "s/x", "other"];
    for (const topic of heard) await writer.publish(topic, topic);
    await device.ping();
    expect(filters.filter((_, at) => granted[at] === 1)).toEqual(
      filters.filter((filter) => mayHear.includes(filter)),
    );
    const peer = await v5(name);
    const codes = await peer.subscribe(filters.map((topic) => ({ topic, qos: 1 as const })));
    expect(filters.filter((_, at) => (codes[at] ?? 0) < 0x80)).toEqual(
      filters.filter((filter) => mayHear.includes(filter)),
    );
    const wanted: Readonly<Record<string, readonly string[]>> = {
      ...{ f7: ["all", "cmd/f7/a"], mute: [], wide: heard, one: ["s/x"] },
    };
    expect([...new Set(device.delivered.map(({ topic }) => topic))]).toEqual(wanted[name]);
  });
});

describe("a right that names the client", () => {
  test("is that of each client, and of none that calls itself a wildcard or a way", async () => {
    const { port, seen } = await openBroker();
    const open = async (clientId: string) => {
      const device = new MqttDevice(port);
      await device.open({ clientId, username: "f7", password: passwordOf("f7") });
      return device;
    };
    const own = await open("box");
    await own.publish("c/box/1", "mine");
    expect(await own.subscribe("c/box/x", "c/other/x", "c/+/x", "c/#")).toEqual([1, 128, 128, 128]);
    for (const clientId of ["+", "#", "a/b", "../box"]) {
      const device = await open(clientId);
      expect(await device.subscribe("c/box/x", "c/+/x", "c/#")).toEqual([128, 128, 128]);
      await expect(
        device.publish(`c/box/${clientId === "+" ? 1 : 2}`, "not mine"),
      ).rejects.toThrow();
    }
    expect((await seen()).stored).toEqual(["c/box/1"]);
  });
});
