import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { hashPassword } from "../../../src/sources/mqtt-broker/password.ts";
import { parseUsers, type Users } from "../../../src/sources/mqtt-broker/users.ts";
import { mqttBroker, type TestBroker } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const run = promisify(execFile);
const salt = Buffer.from("0123456789ab");

async function usersOf(value: unknown): Promise<Users> {
  const checked = parseUsers(value);
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  return checked.value;
}

let hash = "";
let users: Users;
beforeAll(async () => {
  hash = await hashPassword("secret", salt, 101);
  users = await usersOf([
    {
      user: "freezer",
      password_hash: hash,
      device: "freezer-07",
      publish: ["sensors/freezer-07/#", "tele/+/SENSOR"],
      subscribe: ["cmd/freezer-07/+"],
    },
    { user: "bridge", password_hash: hash, publish: ["#"], subscribe: ["#"] },
    { user: "mute", password_hash: hash },
  ]);
});

function guarded(): Promise<TestBroker> {
  return mqttBroker({ users: { file: "users.yaml" } }, { users });
}

function as(
  username: string,
  clientId = username,
): { username: string; password: string; clientId: string } {
  return { username, password: "secret", clientId };
}

describe("credentials", () => {
  test.each([
    ["a wrong password", { username: "freezer", password: "secrex" }],
    ["an empty password", { username: "freezer", password: "" }],
    ["an unknown user", { username: "nobody", password: "secret" }],
    ["a user without password", { username: "freezer" }],
    ["nobody", {}],
  ])("%s is refused with return code 4", async (_, credentials) => {
    const { sink, port } = await guarded();
    await expect(connect({ port, clientId: "d1", ...credentials })).rejects.toThrow("refused: 4");
    expect(sink.changes).toEqual([]);
  });

  test("name the device of every message and change", async () => {
    const { sink, port } = await guarded();
    const device = await connect({ port, ...as("freezer") });
    await device.publish("sensors/freezer-07/t", "1");
    expect(sink.messages[0]?.device).toBe("freezer-07");
    expect(sink.changes[0]).toMatchObject({ state: "online", device: "freezer-07" });
    const bridge = await connect({ port, ...as("bridge") });
    await bridge.publish("sensors/freezer-07/t", "2");
    expect(sink.messages[1]?.device).toBeUndefined();
  });
});

describe("topics", () => {
  test.each([
    ["freezer", "sensors/freezer-07/t", true],
    ["freezer", "sensors/freezer-07", true],
    ["freezer", "sensors/freezer-08/t", false],
    ["freezer", "tele/plug/SENSOR", true],
    ["freezer", "tele/plug/STATE", false],
    ["freezer", "cmd/freezer-07/set", false],
    ["bridge", "anything/at/all", true],
    ["bridge", "$SYS/x", false],
    ["mute", "sensors/mute/t", false],
  ])("%s publishing to %s: %s", async (user, topic, allowed) => {
    const { sink, port } = await guarded();
    const device = await connect({ port, ...as(user) });
    const published = device.publish(topic, "1");
    if (allowed) await published;
    else await expect(published).rejects.toThrow("cut off");
    expect(sink.messages).toHaveLength(allowed ? 1 : 0);
  });

  test.each([
    ["freezer", "cmd/freezer-07/set", 1],
    ["freezer", "cmd/freezer-07/+", 1],
    ["freezer", "cmd/freezer-07/#", 128],
    ["freezer", "cmd/+/set", 128],
    ["freezer", "#", 128],
    ["bridge", "#", 1],
    ["bridge", "$SYS/#", 128],
    ["mute", "t", 128],
  ])("%s subscribing to %s gets %s", async (user, filter, granted) => {
    const { port } = await guarded();
    const device = await connect({ port, ...as(user) });
    expect(await device.subscribe(filter)).toEqual([granted]);
  });

  test("of a will are the same as those of a publish", async () => {
    const { sink, port } = await guarded();
    const will = { topic: "sensors/freezer-08/state", payload: "gone" };
    await expect(connect({ port, ...as("freezer"), will })).rejects.toThrow("refused: 5");
    expect(sink.messages).toEqual([]);
  });
});

describe("a client that publishes where it may not", () => {
  test("is shut out for a second, alone, and journaled once", async () => {
    const journal: string[] = [];
    const note = (message: string): void => void journal.push(message);
    const { port } = await mqttBroker(
      { users: { file: "users.yaml" } },
      { users, logger: { debug: note, info: note, warn: note, error: note } },
    );
    const device = await connect({ port, ...as("freezer") });
    await expect(device.publish("secret/t", "1")).rejects.toThrow("cut off");
    await expect(connect({ port, ...as("freezer") })).rejects.toThrow("refused: 5");
    await connect({ port, ...as("freezer", "another") });
    await vi.waitFor(() => connect({ port, ...as("freezer") }), { timeout: 5_000 });
    expect(journal.filter((line) => line.includes("publish"))).toHaveLength(1);
  });
});

describe("client identifiers", () => {
  test("cannot be taken over by another user", async () => {
    const { sink, port } = await guarded();
    const device = await connect({ port, ...as("freezer", "shared") });
    await expect(connect({ port, ...as("bridge", "shared") })).rejects.toThrow("refused: 2");
    await device.ping();
    const again = await connect({ port, ...as("freezer", "shared") });
    await device.closed;
    await again.ping();
    expect(sink.changes.map(({ cause }) => cause)).toEqual(["connect", "takeover", "connect"]);
  });

  test("stay with the user while the session is kept", async () => {
    const { port } = await guarded();
    const device = await connect({ port, ...as("freezer", "kept"), clean: false });
    await device.subscribe("cmd/freezer-07/set");
    await device.close();
    await expect(connect({ port, ...as("bridge", "kept"), clean: false })).rejects.toThrow("2");
    await connect({ port, ...as("freezer", "kept"), clean: false });
  });

  test("are free again after a clean session", async () => {
    const { port } = await guarded();
    const device = await connect({ port, ...as("freezer", "once") });
    await device.close();
    await vi.waitFor(() => connect({ port, ...as("bridge", "once") }));
  });
});

describe("parseUsers", () => {
  test("lists every fault with its place", () => {
    const checked = parseUsers([
      { user: "a", password_hash: "secret" },
      { user: "b", password_hash: hash, publish: ["a#"] },
      { user: "c", password_hash: hash, subscribe: ["$SYS/#"] },
      { user: "d", password_hash: hash, topics: [] },
    ]);
    const paths = checked.ok ? [] : checked.faults.map(({ path }) => path.join("."));
    expect(paths).toEqual(["0.password_hash", "1.publish.0", "2.subscribe.0", "3.topics"]);
    expect(JSON.stringify(checked)).not.toContain("secret");
  });

  test("finds a user that is listed twice", () => {
    const checked = parseUsers([
      { user: "a", password_hash: hash },
      { user: "a", password_hash: hash },
    ]);
    expect(checked).toMatchObject({
      ok: false,
      faults: [{ code: "users.duplicate", path: [1, "user"] }],
    });
  });
});

describe("Mosquitto's programs", () => {
  test("mosquitto_pub and mosquitto_sub work with a hash that mosquitto_passwd wrote", async () => {
    const file = join(await tempFolder(), "passwd");
    await run("mosquitto_passwd", ["-c", "-b", file, "plug", "päss word"]);
    const password_hash = (await readFile(file, "utf8")).trim().split(":")[1];
    const { sink, port } = await mqttBroker(
      { users: { file: "users.yaml" } },
      {
        users: await usersOf([
          { user: "plug", password_hash, device: "plug-1", publish: ["tele/#"], subscribe: ["#"] },
        ]),
      },
    );
    const login = ["-h", "127.0.0.1", "-p", String(port), "-u", "plug", "-P", "päss word"];
    const listener = spawn("mosquitto_sub", [...login, "-v", "-q", "1", "-C", "2", "-t", "tele/#"]);
    onTestFinished(() => void listener.kill());
    let heard = "";
    listener.stdout.on("data", (bytes) => {
      heard += String(bytes);
    });
    const left = new Promise((resolve) => listener.once("close", resolve));
    await vi.waitFor(() => expect(sink.changes).toHaveLength(1), { timeout: 5_000 });
    for (const qos of ["1", "2"]) {
      await run("mosquitto_pub", [
        ...login,
        "-q",
        qos,
        "-t",
        "tele/plug/SENSOR",
        "-m",
        `{"n":${qos}}`,
      ]);
    }
    expect(await left).toBe(0);
    expect(heard).toBe('tele/plug/SENSOR {"n":1}\ntele/plug/SENSOR {"n":2}\n');
    expect(sink.payloads).toEqual(['{"n":1}', '{"n":2}']);
    expect(sink.messages[0]).toMatchObject({ address: "tele/plug/SENSOR", device: "plug-1" });
    const wrong = run("mosquitto_pub", [...login.slice(0, -1), "wrong", "-t", "tele/x", "-m", "1"]);
    await expect(wrong).rejects.toMatchObject({ stderr: expect.stringContaining("Connection") });
  });

  test("mosquitto_pub delivers a thousand lines in order without credentials", async () => {
    const { sink, port } = await mqttBroker();
    const lines = Array.from({ length: 1_000 }, (_, n) => String(n));
    const publisher = spawn("mosquitto_pub", [
      ...["-h", "127.0.0.1", "-p", String(port), "-q", "1", "-t", "t", "-l"],
    ]);
    onTestFinished(() => void publisher.kill());
    publisher.stdin.end(`${lines.join("\n")}\n`);
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1_000), { timeout: 10_000 });
    expect(sink.payloads).toEqual(lines);
  });
});
