/** A gateway as people run it, and strangers who take all that they are given: others have their part. */

import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import mqttPacket from "mqtt-packet";
import { expect, onTestFinished, test } from "vitest";
import { makeToken } from "../../src/api/sign-in/tokens-file.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { readProcess } from "../bench/process-facts.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect, type MqttDevice } from "../support/mqtt-device.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const mebibyte = 2 ** 20;
/** What a client may have open, and what all sessions together may. */
const mostPerSession = 10_000;
const allNumbers = 65_535;

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
