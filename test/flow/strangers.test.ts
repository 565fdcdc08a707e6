/** A gateway as people run it, and strangers who take all that they are given: others have their part. */

import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createConnection } from "node:net";
import { join } from "node:path";
import mqttPacket, { type Packet } from "mqtt-packet";
import { expect, onTestFinished, test } from "vitest";
import { makeToken } from "../../src/api/sign-in/tokens-file.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { readProcess } from "../bench/process-facts.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect, type MqttDevice } from "../support/mqtt-device.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const mebibyte = 2 ** 20;
/** What a client may have open, and what all sessions together may. */
const mostPerSession = 10_000;
const allNumbers = 65_535;

const packets: readonly Packet[] = [
  { cmd: "connect", protocolId: "MQTT", clientId: "stranger", clean: true, keepalive: 60 },
  { cmd: "publish", topic: "t/1", payload: "x", qos: 1, messageId: 7, retain: true, dup: false },
  { cmd: "publish", topic: "t/2", payload: "y", qos: 2, messageId: 8, retain: false, dup: false },
  { cmd: "pubrel", messageId: 8 },
  { cmd: "subscribe", messageId: 9, subscriptions: [{ topic: "t/#", qos: 1 }] },
  { cmd: "unsubscribe", messageId: 10, unsubscriptions: ["t/#"] },
  { cmd: "puback", messageId: 1 },
  { cmd: "pingreq" },
  { cmd: "disconnect" },
];

const nowhere = "nats://127.0.0.1:1";

async function warm(port: number): Promise<MqttDevice> {
  const device = await connect({ port, clientId: "good" });
  for (let n = 0; n < 2_000; n += 100)
    await Promise.all(Array.from({ length: 100 }, () => device.publish("t/good", "x")));
  return device;
}

test.each([{ kept: true }, { kept: false }])(
  "of 65,535 QoS 2 messages that nobody releases a client may have 10,000, kept session $kept",
  async ({ kept }) => {
    const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: nowhere });
    await gateway.start();
    const good = await warm(gateway.mqttPort);
    const before = readProcess(gateway.pid).rssBytes;
    const stranger = await connect({ port: gateway.mqttPort, clientId: "open", clean: !kept });
    let answered = 0;
    const parser = mqttPacket.parser();
    parser.on("packet", ({ cmd }) => {
      if (cmd === "pubrec") answered += 1;
    });
    stranger.socket.on("data", (bytes) => void parser.parse(bytes));
    const frames = Array.from({ length: allNumbers }, (_, at) =>
      mqttPacket.generate({
        ...{ cmd: "publish", topic: "t/open", payload: "y".repeat(100), messageId: at + 1 },
        ...{ qos: 2, dup: false, retain: false },
      }),
    );
    await stranger.write(Buffer.concat(frames)).catch(() => {});
    await stranger.closed;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(mostPerSession);
    await good.publish("t/good", "still taken");
    const { flow } = await gateway.status();
    expect(flow.received).toBeLessThanOrEqual(2_000 + mostPerSession + 1);
    expect(readProcess(gateway.pid).rssBytes - before).toBeLessThan(64 * mebibyte);
  },
  240_000,
);

test("a thousand live streams that nobody reads are 128, cost what they may, and keep no device waiting", async () => {
  const folder = await tempFolder();
  const port = await freePort();
  const tokens = Array.from({ length: 40 }, makeToken);
  const lines = tokens.map(({ hash }, n) => `t${n}:viewer:${hash}:`);
  await writeFile(join(folder, "console-tokens"), `${lines.join("\n")}\n`, { mode: 0o600 });
  const gateway = await gatewayProcess({
    ...{ folder, natsUrl: nowhere },
    configuration: `console: { listen: "127.0.0.1:${port}" }`,
  });
  await gateway.start();
  const good = await warm(gateway.mqttPort);
  const open = (n: number): Promise<number> =>
    new Promise((resolve) => {
      const asked = request({
        ...{ host: "127.0.0.1", port, agent: false },
        // From eight addresses, since one may have a quarter of the lines.
        localAddress: `127.0.0.${2 + (n % 8)}`,
        path: "/api/v1/stream?topics=status,devices,live:normalized?per_s=100",
        headers: { authorization: `Bearer ${tokens[n % tokens.length]?.token}` },
      });
      asked.on("response", (answer) => {
        // It stays open, and is never read.
        answer.pause();
        answer.on("error", () => {});
        if (answer.statusCode !== 200) answer.destroy();
        resolve(answer.statusCode ?? 0);
      });
      asked.on("error", () => resolve(0));
      onTestFinished(() => void asked.destroy());
      asked.end();
    });
  const before = readProcess(gateway.pid).rssBytes;
  const statuses: number[] = [];
  for (let n = 0; n < 1_000; n += 50)
    statuses.push(...(await Promise.all(Array.from({ length: 50 }, (_, at) => open(n + at)))));
  const opened = statuses.filter((status) => status === 200).length;
  expect(opened).toBeGreaterThan(100);
  expect(opened).toBeLessThanOrEqual(128);
  expect(statuses.filter((status) => status === 429).length).toBe(1_000 - opened);

  for (let n = 0; n < 5_000; n += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, at) => good.publish(`t/${n + at}`, "z".repeat(500))),
    );
  await waitUntil(async () => (await gateway.status()).flow.received >= 7_000, "all are taken");
  expect(readProcess(gateway.pid).rssBytes - before).toBeLessThan(160 * mebibyte);
}, 240_000);

test("damaged packets in numbers leave a gateway as it was: no bug, no socket and no memory", async () => {
  const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: nowhere });
  await gateway.start();
  const good = await warm(gateway.mqttPort);
  const random = createSeededRandom("strangers");
  const frames = packets.flatMap((packet) =>
    ([4, 5] as const).map((protocolVersion) =>
      mqttPacket.generate(packet.cmd === "connect" ? { ...packet, protocolVersion } : packet, {
        protocolVersion,
      }),
    ),
  );
  const pick = (most: number): number => Math.floor(random() * most);
  const damaged = (): Buffer => {
    const bytes = Buffer.from(frames[pick(frames.length)] ?? []);
    for (let n = 0; n <= pick(4); n += 1) bytes[pick(bytes.length)] = pick(256);
    return bytes.subarray(0, random() < 0.2 ? pick(bytes.length) : undefined);
  };
  const visit = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = createConnection({
        ...{ port: gateway.mqttPort, host: "127.0.0.1" },
        localAddress: `127.0.0.${10 + pick(200)}`,
      });
      socket.on("error", () => {});
      socket.once("close", () => resolve());
      socket.resume();
      const hello = random() < 0.7 ? (frames[pick(2)] ?? Buffer.alloc(0)) : damaged();
      socket.end(Buffer.concat([hello, ...Array.from({ length: 40 }, damaged)]));
    });
  const visits = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 50) await Promise.all(Array.from({ length: 50 }, visit));
  };
  await visits(500);
  const before = readProcess(gateway.pid).rssBytes;
  await visits(2_500);
  await good.publish("t/good", "still taken");
  await waitUntil(async () => (await connectionsOf(gateway.pid)) === 1, "all are gone", 60_000);
  expect(gateway.alive).toBe(true);
  expect(gateway.journal()).not.toMatch(/internal\.bug|uncaught|unhandled/i);
  await waitUntil(
    () => readProcess(gateway.pid).rssBytes < 1.1 * before + 32 * mebibyte,
    "memory is given back",
    60_000,
  );
}, 300_000);

/** TCP connections that a process has taken and not given up: the good device's, when all is well. */
async function connectionsOf(pid: number): Promise<number> {
  const links = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map((name) =>
      readlink(`/proc/${pid}/fd/${name}`).catch(() => ""),
    ),
  );
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const rows = (await readFile("/proc/net/tcp", "utf8")).split("\n").slice(1);
  return rows.filter((line) => {
    const [, , remote = "", state, , , , , , inode = ""] = line.trim().split(/\s+/);
    return state === "01" && remote.startsWith("0100007F") && inodes.has(inode);
  }).length;
}
