/** A site that the version before left behind, with a backlog and open alerts, in today's hands. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { isObject } from "../../src/core/is-object.ts";
import { readBook } from "../../src/gateway/gateway-book.ts";
import {
  configuration,
  mqttPort,
  openMessages,
  rules,
  simulated,
  tasmota,
  topics,
} from "../golden/site-configuration.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { gatewayProgram } from "../support/gateway-program.ts";
import { restoreBackbone } from "../support/kept-backbone.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { roleProgram } from "../support/role-program.ts";
import { streamBodies } from "../support/stream-bodies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A probe with an identity keeps its plain name, and the alerts under it, by the entry of its device. */
const upgradedConfiguration = configuration.replace(
  "topic: tele/freezer-07/+ }",
  'topic: tele/freezer-07/+, probes: { "1": "" } }',
);

const golden = fileURLToPath(new URL("../golden/site-before", import.meta.url));

async function linesOf(name: string): Promise<string[]> {
  return (await readFile(join(golden, name), "utf8")).trimEnd().split("\n");
}

/** Gateway, processor and notifier on copies of what the site left behind; all end with the test. */
async function upgradedSite() {
  await isAlone();
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  await restoreBackbone(connection, await linesOf("backbone.ndjson"));
  const folder = await tempFolder();
  await cp(join(golden, "data"), join(folder, "data"), { recursive: true });
  await writeFile(join(folder, "rules.yaml"), rules);
  const gateway = await gatewayProgram({
    folder,
    natsUrl: url,
    configuration: upgradedConfiguration,
    mqttPort,
  });
  const { configPath } = gateway;
  const processor = roleProgram({ role: "processor", configPath, folder });
  const notifier = roleProgram({ role: "notifier", configPath, folder });
  onTestFinished(async () => {
    await Promise.all([gateway.kill(), processor.kill(), notifier.kill()]);
  });
  await gateway.start();
  processor.start();
  notifier.start();
  return {
    gateway,
    events: async () =>
      (await streamBodies(backbone, "GW_gw1")).map((body) => `${Buffer.from(body)}`),
    /** Every stored transition but those that only mark an old value. */
    transitions: async () =>
      (await storedTransitions(connection))
        .filter(({ reason }) => reason !== "stale" && reason !== "fresh")
        .map(({ id, labels, reason, rule, state }) => ({
          id,
          alert: `${rule} ${labels["device"]}`,
          text: `${state} ${reason}`,
        })),
    /** What the gateway remembers of the devices that it met. */
    book: async () => (await readBook(nodeDisk, join(folder, "data"))).pages,
    /** Ids of the transitions that people were told of since the upgrade. */
    told: () => idsOf(notifier.journal().split("\n")),
    async stop() {
      await gateway.stop();
      await Promise.all([processor.stop(), notifier.stop()]);
    },
  };
}

/**
 * One run of this test after the other has the port that is written in what was recorded: whoever
 * has the port beside it, which ends with the test or with its process, has both.
 */
async function isAlone(): Promise<void> {
  const turn = await waitUntil(() => listener(mqttPort + 1), "it is this run's turn", 200_000);
  onTestFinished(() => void turn.close());
  const probe = await waitUntil(() => listener(mqttPort), `port ${mqttPort} is free`);
  await new Promise((closed) => probe.close(closed));
}

/** Undefined while somebody else listens there. */
function listener(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function idsOf(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.includes('"alert.transition/1"'))
    .map((line) => String(JSON.parse(line).id));
}

/** The events of a device that measured, as values of their first metric. */
function valuesOf(events: readonly string[], device: string): unknown[] {
  return events
    .map((text): unknown => JSON.parse(text))
    .filter(isObject)
    .filter(({ subject, type }) => subject === device && type === "io.sluicegate.measurement.v1")
    .map(({ data }) => (Array.isArray(data) ? data[0]?.v : undefined));
}

test("a site that is upgraded in place loses nothing and tells nothing twice", {
  timeout: 500_000,
}, async () => {
  const before = await linesOf("events.ndjson");
  const toldBefore = idsOf(await linesOf("told.ndjson"));
  const site = await upgradedSite();
  const { gateway } = site;
  await gateway.drained();
  expect((await site.events()).slice(0, before.length)).toEqual(before);

  // Whoever got no answer sends again; whoever was answered is not stored twice.
  for (const { clientId, messageId, payload, topic } of openMessages) {
    const device = await connect({ port: mqttPort, clientId, clean: false });
    await device.publish(topic, payload, { qos: 2, messageId, dup: true });
  }
  const device = await connect({ port: mqttPort, clientId: "all" });
  await device.publish(topics.numbered, simulated(2));
  await device.publish(topics.numbered, simulated(3));
  // The alerts that fire end with values that are live, or with the name that is given up.
  await device.publish(topics.freezer, tasmota(20));
  await device.publish(topics.greenhouse, tasmota(20));
  await device.publish(topics.planned, tasmota(20));
  await device.publish(topics.hall, '{"battery":87,"linkquality":123,"temperature":20.5}');
  await gateway.drained();
  const events = await site.events();
  expect(valuesOf(events, "counter")).toEqual([11, 12]);
  expect(valuesOf(events, "freezer-08")).toEqual([1, 2, 3]);
  expect(valuesOf(events, "freezer-07")).toEqual([40, 42, 43, 20]);
  expect(valuesOf(events, "greenhouse")).toEqual([41, 42]);
  expect(valuesOf(events, "tasmota-greenhouse")).toEqual([20]);

  const [fired, ended, removed] = ["firing for_elapsed", "ended normal", "ended device_removed"];
  const expected: Record<string, readonly (string | undefined)[]> = {
    "g/Hot boiler": [fired, ended],
    "g/Hot cellar": [fired, ended],
    "g/Hot freezer-07": [fired, ended],
    "g/Hot greenhouse": [fired, removed],
    "g/Quiet hall": [fired, removed],
    "g/Silent planned": [fired, ended],
  };
  /** The first episodes: what is silent again, or for too long, does not matter here. */
  const firstOf = (transitions: Awaited<ReturnType<typeof site.transitions>>) =>
    Object.keys(expected).map((alert) =>
      transitions.filter((one) => one.alert === alert).slice(0, 2),
    );
  const told = async () =>
    firstOf(await site.transitions()).map((episode) => episode.map(({ text }) => text));
  await expect.poll(told, { timeout: 60_000, interval: 200 }).toEqual(Object.values(expected));
  const news = firstOf(await site.transitions())
    .flatMap((episode) => episode.map(({ id }) => id))
    .filter((id) => !toldBefore.includes(id));
  await expect
    .poll(site.told, { timeout: 60_000, interval: 200 })
    .toEqual(expect.arrayContaining(news));
  await site.stop();
  const toldInAll = [...toldBefore, ...site.told()];
  expect(new Set(toldInAll).size).toBe(toldInAll.length);
  const pages = (await site.book()).map(({ devices, naming }) => [naming, devices]);
  expect(pages).toEqual([
    ["", ["cellar"]],
    ["", ["shellyplus1pm-08b61fcb7f3c"]],
    ["", ["freezer-09"]],
    ["tasmota-{device}", ["tasmota-greenhouse"]],
    ["z2m-{device}", ["z2m-hall"]],
  ]);
});
