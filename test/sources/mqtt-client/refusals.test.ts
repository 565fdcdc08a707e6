import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { freePort } from "../../../src/demo/free-port.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openSource, playedBroker } from "./open-source.ts";
import type { PlayedConnection } from "./played-broker.ts";

/** What is said when there is no connection. */
async function saidOf(entry: object): Promise<string> {
  const { sink } = await openSource(entry);
  await waitUntil(() => sink.changes.length > 0, "it is said");
  const [change] = sink.changes;
  return `${change?.state} ${change?.cause}: ${change?.text}`;
}

describe("a broker outside that is not there", () => {
  it("is said to be so, with the reason", async () => {
    const port = await freePort();
    expect(await saidOf({ url: `mqtt://127.0.0.1:${port}` })).toBe(
      "offline connection-lost: nothing listens there (ECONNREFUSED)",
    );
    expect(await saidOf({ url: "mqtt://broker.invalid" })).toMatch(
      /no machine has this name|cannot be looked up now/,
    );
  });
});

describe("a broker outside that refuses", () => {
  it.each([
    [5, 134, "it refused user or password (code 134)"],
    [5, 135, "not authorized (code 135)"],
    [5, 133, "it does not take the client id; change `client_id` (code 133)"],
    [5, 132, "it does not speak MQTT 5; write version: 3.1.1 (code 132)"],
    ["3.1.1", 1, "it does not speak this version of MQTT; change `version` (code 1)"],
    ["3.1.1", 4, "it refused user or password (code 4)"],
    ["3.1.1", 5, "it let this user do nothing: not authorized (code 5)"],
  ])("in MQTT %s with code %i is quoted in words", async (version, code, words) => {
    const broker = await playedBroker();
    const said = saidOf({ url: broker.url, version });
    const connection = await broker.next();
    await connection.next("connect");
    const field = version === 5 ? { reasonCode: code } : { returnCode: code };
    connection.send({ cmd: "connack", sessionPresent: false, ...field });
    expect(await said).toBe(`offline disconnect: ${words}`);
  });

  it("MQTT 5 with the old answer is understood", async () => {
    const broker = await playedBroker();
    const said = saidOf({ url: broker.url });
    const connection = await broker.next();
    await connection.next("connect");
    connection.socket.write(Buffer.from([0x20, 2, 0, 1]));
    expect(await said).toMatch(/does not speak this version of MQTT; change `version`/);
  });

  it("a wrong password is named, and the password is not", async () => {
    const folder = await tempFolder();
    const passwords = `${folder}/passwords`;
    await promisify(execFile)("mosquitto_passwd", ["-b", "-c", passwords, "gw", "right-one"]);
    const { port } = await mosquittoProcess([
      "allow_anonymous false",
      `password_file ${passwords}`,
    ]);
    const entry = { url: `mqtt://127.0.0.1:${port}`, user: "gw" };
    const said = await saidOf({ ...entry, password: { env: "wrong-one" } });
    expect(said).toMatch(/not authorized|refused user or password/);
    expect(said).not.toContain("wrong-one");
    expect(await saidOf({ ...entry, password: { env: "right-one" } })).toMatch(/^online connect/);
  });

  it("a filter is named, and the others are served", async () => {
    const broker = await playedBroker();
    const { sink, source } = await openSource({ url: broker.url, topics: ["t/#", "secret/#"] });
    const connection = await broker.next();
    await connection.admit();
    const { messageId = 0 } = await connection.next("subscribe");
    connection.send({ cmd: "suback", messageId, granted: [1, 135] });
    connection.publish(1, "m");
    await connection.acked(1);
    expect(sink.payloads).toEqual(["m"]);
    expect(source.refusals).toMatchObject([
      {
        what: "the broker refuses a filter",
        reason: "filter-refused",
        last: { topic: "secret/#", limit: "not authorized (code 135)" },
      },
    ]);
  });
});

describe("a broker outside that ends a connection", () => {
  it("says so, and that another client has the session", async () => {
    const broker = await playedBroker();
    const { sink } = await openSource({ url: broker.url });
    const connection = await broker.next();
    await connection.welcome();
    connection.send({ cmd: "disconnect", reasonCode: 142 });
    await waitUntil(() => sink.changes.length === 2, "it is said");
    expect(sink.changes[1]).toMatchObject({
      cause: "takeover",
      text: "another client took the session over: `client_id` is used twice (code 142)",
    });
  });

  it("again and again, soon after it let us in, is suspected of having two clients of one name", async () => {
    const broker = await playedBroker();
    const { sink, source } = await openSource({ url: broker.url, version: "3.1.1" });
    for (let times = 0; times < 3; times += 1) {
      const connection = await broker.next();
      await connection.welcome();
      connection.socket.end();
      await connection.closed;
    }
    await waitUntil(() => sink.changes.at(-1)?.cause === "takeover", "it is suspected");
    expect(source.link?.reason).toMatch(/another client there that is called sluicegate-s-gw/);
  });

  it.each<[string, (connection: PlayedConnection) => void, RegExp]>([
    [
      "a packet that is too large",
      (connection) => connection.publish(1, "x".repeat(70_000)),
      /70\d{3} bytes is over limits.max_packet \(65536\)/,
    ],
    [
      "QoS 2, which nobody asked for",
      (connection) =>
        connection.send({
          cmd: "publish",
          topic: "t/1",
          payload: "m",
          qos: 2,
          messageId: 1,
          dup: false,
          retain: false,
        }),
      /QoS 2/,
    ],
    [
      "bytes that are no MQTT",
      (connection) => connection.socket.write(Buffer.from([0x36, 0xff, 0xff, 0xff, 0xff, 0xff])),
      /no MQTT/,
    ],
    [
      "a packet that nobody asked for",
      (connection) => connection.send({ cmd: "pubrel", messageId: 1 }),
      /PUBREL, which nobody asked for/,
    ],
  ])("is ended for %s, in words", async (_, say, words) => {
    const broker = await playedBroker();
    const limits = { max_packet: "64KiB" };
    const { sink } = await openSource({ url: broker.url, limits });
    const connection = await broker.next();
    await connection.welcome();
    say(connection);
    await waitUntil(() => sink.changes.length === 2, "it is said");
    expect(sink.changes[1]).toMatchObject({ state: "offline", text: expect.stringMatching(words) });
    expect(sink.messages).toEqual([]);
  });

  it.each([
    ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", /answers in HTTP/],
    ["TLS", "\x15\x03\x01\x00\x02\x02\x46", /answers in TLS; write mqtts:\/\//],
    ["something else", "220 ready\r\n", /no CONNACK/],
  ])("is known by its first word where it speaks %s", async (_, words, said) => {
    const broker = await playedBroker();
    const heard = saidOf({ url: broker.url });
    const connection = await broker.next();
    connection.socket.write(Buffer.from(words, "latin1"));
    expect(await heard).toMatch(said);
  });

  it("by saying nothing is left after a ping that it did not answer", async () => {
    const broker = await playedBroker();
    const clock = new ManualClock();
    const { sink } = await openSource({ url: broker.url, keep_alive: "10s" }, { clock });
    const connection = await broker.next();
    await connection.welcome();
    await waitUntil(() => sink.changes.length === 1, "it is connected");
    connection.socket.pause();
    await clock.advance(10_000);
    await waitUntil(() => sink.changes.length === 2, "it is left");
    expect(sink.changes[1]).toMatchObject({ cause: "keepalive" });
  });
});
