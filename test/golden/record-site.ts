/**
 * Records what a whole site of one version leaves behind: the gateway's data folder, and the content
 * of the backbone as lines of JSON.
 *
 * Run it with the program of that version, `tsx test/golden/record-site.ts <name> <sluicegate.js>`,
 * and commit the result: later programs must go on from it. It refuses to write over one that is
 * there.
 *
 * The processor and the notifier stop first; then the gateway stores two readings that neither has
 * seen; then the backbone stops, and the gateway keeps the rest.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect as connectNats } from "@nats-io/transport-node";
import { connectAsync, type MqttClient } from "mqtt";
import mqttPacket, { type Packet } from "mqtt-packet";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { gatewayProgram } from "../support/gateway-program.ts";
import { keepBackbone } from "../support/kept-backbone.ts";
import { roleProgram } from "../support/role-program.ts";
import { waitUntil } from "../support/wait-until.ts";
import {
  configuration,
  mqttPort,
  openMessages,
  rules,
  simulated,
  tasmota,
  topics,
} from "./site-configuration.ts";

const [name = "", program = ""] = process.argv.slice(2);
if (!/^site-[a-z0-9-]+$/.test(name) || program === "")
  throw new Error("name the record and the program: site-before path/to/sluicegate.js");
const target = fileURLToPath(new URL(name, import.meta.url));
await mkdir(target);

const folder = await mkdtemp(join(tmpdir(), "sluicegate-record-"));
try {
  await recordSite();
} finally {
  await rm(folder, { recursive: true });
}

async function recordSite(): Promise<void> {
  const natsFolder = join(folder, "nats");
  let server = await startNatsServer({ folder: natsFolder });
  await writeFile(join(folder, "rules.yaml"), rules);
  const gateway = await gatewayProgram({
    folder,
    natsUrl: server.url,
    configuration,
    mqttPort,
    program,
  });
  const { configPath, mqttUrl } = gateway;
  const processor = roleProgram({ role: "processor", configPath, folder, program });
  const notifier = roleProgram({ role: "notifier", configPath, folder, program });
  try {
    await gateway.start();
    processor.start();
    notifier.start();
    await whileLinked(mqttUrl);
    await waitUntil(() => countTold(notifier.journal()) === 6, "6 changes of alerts were told");
    await gateway.drained();
    await processor.stop();
    await notifier.stop();

    await publish(mqttUrl, [
      [topics.boiler, tasmota(50)],
      [topics.freezer, tasmota(42)],
    ]);
    await gateway.drained();
    await server.stop();
    await whileAlone(mqttUrl);
    await gateway.stop();

    const told = notifier.journal().split("\n").filter(isTold);
    await writeFile(join(target, "told.ndjson"), `${told.join("\n")}\n`);
    await cp(join(folder, "data"), join(target, "data"), {
      recursive: true,
      filter: (path) => !/\.sock$|lock|reserve/.test(basename(path)),
    });
    const exported = await promisify(execFile)(process.execPath, [
      program,
      "buffer",
      "export",
      "--config",
      configPath,
    ]);
    await writeFile(join(target, "events.ndjson"), exported.stdout);

    server = await startNatsServer({ folder: natsFolder });
    const connection = await connectNats({ servers: server.url });
    await writeFile(
      join(target, "backbone.ndjson"),
      `${(await keepBackbone(connection)).join("\n")}\n`,
    );
    await connection.close();
  } finally {
    await Promise.all([gateway.kill(), processor.kill(), notifier.kill()]);
    await server.kill();
  }
}

/** Everything here reaches the backbone, the rules and the people. */
async function whileLinked(mqttUrl: string): Promise<void> {
  await publish(mqttUrl, [
    [topics.freezer, tasmota(40)],
    [topics.boiler, tasmota(20)],
    [topics.greenhouse, tasmota(41)],
    [topics.cellar, tasmota(45)],
    [topics.cellar, tasmota(15)],
    [topics.hall, '{"battery":87,"linkquality":123,"temperature":20.5}'],
    [topics.plug, '{"method":"NotifyStatus","params":{"switch:0":{"id":0,"apower":8.9}}}'],
    [topics.numbered, simulated(1)],
    [topics.simulated, simulated(1)],
    [topics.unread, '{"speed":3}'],
  ]);
  await openMessage(openMessages[0]);
}

/** Everything here stays in the buffer. */
async function whileAlone(mqttUrl: string): Promise<void> {
  await publish(mqttUrl, [
    [topics.boiler, tasmota(25)],
    [topics.freezer, tasmota(43)],
    [topics.greenhouse, tasmota(42)],
    [topics.numbered, simulated(2)],
    [topics.simulated, simulated(2)],
    [topics.unread, '{"speed":4}'],
  ]);
  await openMessage(openMessages[1]);
}

async function publish(
  mqttUrl: string,
  messages: readonly (readonly [topic: string, payload: string])[],
): Promise<void> {
  const client: MqttClient = await connectAsync(mqttUrl, { protocolVersion: 4 });
  for (const [topic, payload] of messages) await client.publishAsync(topic, payload, { qos: 1 });
  await client.endAsync();
}

/** Begins a message at QoS 2 and is cut off before it is released. */
async function openMessage({
  clientId,
  messageId,
  payload,
  topic,
}: (typeof openMessages)[number]): Promise<void> {
  const socket = createConnection({ port: mqttPort, host: "127.0.0.1" });
  const parser = mqttPacket.parser();
  const received = new Promise<void>((resolve) => {
    parser.on("packet", (packet: Packet) => {
      if (packet.cmd === "connack")
        socket.write(
          mqttPacket.generate({
            cmd: "publish",
            topic,
            payload,
            qos: 2,
            messageId,
            dup: false,
            retain: false,
          }),
        );
      if (packet.cmd === "pubrec") resolve();
    });
  });
  socket.on("data", (bytes) => void parser.parse(bytes));
  socket.write(mqttPacket.generate({ cmd: "connect", clientId, clean: false, keepalive: 0 }));
  await received;
  socket.destroy();
}

function isTold(line: string): boolean {
  return line.includes('"alert.transition/1"');
}

function countTold(journal: string): number {
  return journal.split("\n").filter(isTold).length;
}
