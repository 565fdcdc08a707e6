import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import type { AuditFacts } from "../../../src/core/audit.ts";
import { asClient } from "../../../src/sources/mqtt-broker/user-patterns.ts";
import type { Users } from "../../../src/sources/mqtt-broker/users.ts";
import { UsersWatch } from "../../../src/sources/mqtt-broker/users-watch.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { MqttDevice } from "../../support/mqtt-device.ts";
import { mqttUsers, passwordOf } from "../../support/mqtt-users.ts";
import { peer5 } from "../../support/mqtt5-peer.ts";
import { silentLogger } from "../../support/silence.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const all = { publish: ["#"], subscribe: ["#"] };

async function brokerOf(users: Users) {
  return await mqttBroker({ users: { file: "u" } }, { users });
}

const asUser = (name: string, clientId = name) => ({
  ...{ clientId, username: name, password: passwordOf(name) },
});

describe("users of a broker that runs", () => {
  test("who is taken out is closed, and not let in again; nobody else notices", async () => {
    const { broker, port, sink } = await brokerOf(await mqttUsers({ ana: all, bob: all }));
    const [ana, bob] = [new MqttDevice(port), new MqttDevice(port)];
    await ana.open(asUser("ana"));
    await bob.open(asUser("bob"));
    broker.changeUsers(await mqttUsers({ bob: all, new: all }));
    await ana.closed;
    await bob.publish("t", "still here", { qos: 1 });
    expect(sink.payloads).toEqual(["still here"]);
    expect(await new MqttDevice(port).open(asUser("ana"))).toBe(4);
    expect(await new MqttDevice(port).open(asUser("new"))).toBe(0);
  });

  test("a client of MQTT 5 hears why", async () => {
    const { broker, port } = await brokerOf(await mqttUsers({ ana: all }));
    const ana = await peer5(port, { ...asUser("ana"), password: Buffer.from(passwordOf("ana")) });
    broker.changeUsers(await mqttUsers({ ana: { publish: ["a/#"] } }));
    expect((await ana.ended())[0]).toBe(0x98);
  });

  test("subscriptions of a session that is kept end where its user may not have them any more", async () => {
    const { broker, port } = await brokerOf(await mqttUsers({ ana: all, bob: all }));
    const ana = new MqttDevice(port);
    await ana.open({ ...asUser("ana"), clean: false });
    await ana.subscribe("a/#", "b/#");
    await ana.close();
    broker.changeUsers(await mqttUsers({ ana: { subscribe: ["a/#"] }, bob: all }));
    const bob = new MqttDevice(port);
    await bob.open(asUser("bob"));
    await bob.publish("b/1", "not hers", { qos: 1 });
    await bob.publish("a/1", "hers", { qos: 1 });
    const again = new MqttDevice(port);
    await again.open({ ...asUser("ana"), clean: false });
    await again.ping();
    expect(again.delivered.map(({ payload }) => payload)).toEqual(["hers"]);
  });

  test("a will comes out only where its user may still publish it", async () => {
    const rights = { gone: all, narrow: all, same: all };
    const { broker, port, sink } = await brokerOf(await mqttUsers(rights));
    const devices = Object.keys(rights).map(async (name) => {
      const device = new MqttDevice(port);
      const will = { topic: `wills/${name}`, payload: name, qos: 1 as const };
      await device.open({ ...asUser(name), will });
      return device;
    });
    const [gone, narrow, same] = await Promise.all(devices);
    broker.changeUsers(await mqttUsers({ narrow: { publish: ["wills/narrow"] }, same: all }));
    await Promise.all([gone?.closed, narrow?.closed]);
    same?.destroy();
    await vi.waitFor(() => expect(sink.payloads).toContain("same"));
    expect(sink.payloads.sort()).toEqual(["narrow", "same"]);
  });

  test("its file is read again when it is another; one with faults changes nothing", async () => {
    const path = join(await tempFolder(), "devices.yaml");
    await writeFile(path, "one\n");
    const clock = new ManualClock();
    const noted: AuditFacts[] = [];
    const taken: string[][] = [];
    const users = { one: await mqttUsers({ a: all }), two: await mqttUsers({ a: all, b: all }) };
    const watch = new UsersWatch({
      ...{ path, clock, disk: nodeDisk, logger: silentLogger },
      parse: (text) =>
        text === "one\n" || text === "one\ntwo\n"
          ? { ok: true, value: text === "one\n" ? users.one : users.two, warnings: [] }
          : { ok: false, faults: [{ code: "x", path: [2], message: "is wrong" }] },
      changeUsers: (now) => taken.push(Array.from(now.values(), ({ name }) => name)),
      audit: { note: (facts) => void noted.push(facts), count() {} },
    });
    await watch.start();
    const looks = async () => {
      for (let look = 0; look < 12; look += 1) {
        await clock.advance(1_000);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await appendFile(path, "two\n");
    await looks();
    await appendFile(path, "three\n");
    await looks();
    watch.stop();
    expect(taken).toEqual([["a"], ["a", "b"]]);
    expect(noted.map(({ action, outcome, text }) => [action, outcome, text])).toEqual([
      ["mqtt-users", "done", "added b"],
      ["mqtt-users", "failed", "1 faults, 2: is wrong"],
    ]);
  });
});

describe("rights that are written for many clients", () => {
  const user = {
    ...{ name: "ana", passwordHash: undefined, device: undefined },
    ...{ publish: ["d/%u/#", "c/%c"], subscribe: ["cmd/%c/+", "x%u"] },
  };

  test("name the user and the client", () => {
    expect(asClient(user, "c1")).toMatchObject({
      ...{ publish: ["d/ana/#", "c/c1"], subscribe: ["cmd/c1/+", "x%u"] },
    });
  });

  test.each(["+", "#", "a/b", ""])("give nothing to a client that calls itself %j", (client) => {
    const { publish, subscribe } = asClient(user, client);
    expect([publish, subscribe]).toEqual([["d/ana/#"], ["x%u"]]);
  });
});
