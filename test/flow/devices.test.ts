/** The registry of devices of a real gateway: over kills, without its file, without a backbone. */
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { isObject } from "../../src/core/is-object.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { type GatewayProgram, program } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const nowhere = "nats://127.0.0.1:1";

async function ask(gateway: GatewayProgram, ...words: string[]): Promise<string> {
  const all = [program, ...words, "--config", gateway.configPath];
  return (await promisify(execFile)(process.execPath, all)).stdout;
}

async function rows(gateway: GatewayProgram, ...words: string[]): Promise<object[]> {
  const answer: unknown = JSON.parse(
    await ask(gateway, "devices", "ls", "-o", "json", "--limit", "5000", ...words),
  );
  return isObject(answer) && Array.isArray(answer["devices"]) ? answer["devices"] : [];
}

function thermometer(value: number, time = "2026-11-21T14:02:10"): string {
  return JSON.stringify({
    Time: time,
    DS18B20: { Id: "00000A1B2C3D", Temperature: value },
    TempUnit: "C",
  });
}

test("devices are known as before after a kill, without the file and without a backbone", async () => {
  const folder = await tempFolder();
  const data = join(folder, "data");
  const gateway = await gatewayProcess({
    folder,
    natsUrl: nowhere,
    configuration: "devices: [{ id: planned, profile: tasmota/sensor, interval: 1h }]\n",
  });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "d" });
  for (let n = 0; n < 5; n += 1)
    await device.publish("tele/kitchen/SENSOR", thermometer(20 + n, new Date().toISOString()));
  await device.publish("zigbee2mqtt/lamp", '{"battery":55,"temperature":"hot","linkquality":9}');
  await device.publish("shellies/shellyht-1/sensor/temperature", "21.5");

  const before = await rows(gateway);
  expect(before.map((row) => Object.entries(row)[0]?.[1])).toEqual(
    expect.arrayContaining(["planned", "tasmota-kitchen"]),
  );
  expect(before).toContainEqual(
    expect.objectContaining({ device: "planned", state: "never", configured: true, events: 0 }),
  );
  expect(before).toContainEqual(
    expect.objectContaining({ device: "tasmota-kitchen", family: "tasmota", events: 5 }),
  );
  expect(await rows(gateway, "--state", "never")).toHaveLength(1);
  expect(await rows(gateway, "tasmota-*")).toHaveLength(1);
  const status = await ask(gateway, "status");
  expect(status).toMatch(/Devices {3}\d+: .*1 never heard/);

  await gateway.kill();
  await gateway.start();
  const facts = async (): Promise<object[]> =>
    (await rows(gateway)).map((row) => ({ ...row, link: undefined }));
  const same = before.map((row) => ({ ...row, link: undefined }));
  await expect.poll(facts, { timeout: 30_000 }).toEqual(same);

  await gateway.stop();
  const text = await readFile(join(data, "registry.ndjson"), "utf8");
  expect(text).toContain("tasmota-kitchen");
  await gateway.start();
  expect(await facts()).toEqual(same);
  await gateway.stop();
  await rm(join(data, "registry.ndjson"));
  await gateway.start();
  await expect.poll(facts, { timeout: 30_000 }).toEqual(same);

  const shown = await ask(gateway, "devices", "show", "tasmota-kitchen");
  expect(shown).toMatch(/24 °C +good/);
  await expect(ask(gateway, "devices", "show", "kitchen")).rejects.toMatchObject({
    stderr: expect.stringContaining("did you mean tasmota-kitchen?") as string,
  });
  await expect(ask(gateway, "devices", "forget", "tasmota-kitchn")).rejects.toMatchObject({
    code: 4,
    stderr: expect.stringContaining("did you mean tasmota-kitchen?") as string,
  });
  await expect(ask(gateway, "devices", "forget", "tasmota-kitchen")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("nothing was changed: add --yes"),
  });
  expect(await ask(gateway, "devices", "forget", "tasmota-kitchen", "--yes")).toContain(
    "is forgotten",
  );
  expect(await rows(gateway, "tasmota-*")).toEqual([]);
});

test("what left the log is learned again from the stream", async () => {
  const { url } = await natsServer();
  const folder = await tempFolder();
  const data = join(folder, "data");
  const gateway = await gatewayProcess({ folder, natsUrl: url, configuration: "" });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "d" });
  for (let n = 0; n < 7; n += 1) await device.publish("tele/cellar/SENSOR", thermometer(n));
  await gateway.drained();
  await gateway.stop();
  await rm(data, { recursive: true });
  await gateway.start();
  await waitUntil(async () => (await rows(gateway)).length > 0, "the device");
  await expect
    .poll(() => rows(gateway))
    .toContainEqual(expect.objectContaining({ device: "tasmota-cellar", events: 7 }));
});

test("a topic that nobody reads is accepted, and the next message of it is stored", async () => {
  const folder = await tempFolder();
  const gateway = await gatewayProcess({ folder, natsUrl: nowhere, configuration: "" });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "d" });
  await device.publish("acme/p1/state", '{"temperature":20.5,"humidity":40}');
  await device.publish("own/place/of/plug", thermometer(20.5));
  const unknown = await ask(gateway, "devices", "unknown");
  expect(unknown).toContain("acme/p1/state   1 time");

  const dry = await ask(gateway, "devices", "accept", "acme/p1/state", "--dry-run");
  expect(dry).toMatch(/^would write .*\.yaml:\n/);
  expect(dry).toContain("nothing was changed");
  const accepted = await ask(gateway, "devices", "accept", "acme/p1/state");
  expect(accepted).toContain("profiles/acme/state.yaml");
  await device.publish("acme/p2/state", '{"temperature":21.5,"humidity":41}');
  expect(await rows(gateway, "--profile", "acme/state")).toEqual([
    expect.objectContaining({ events: 1, state: "ok" }),
  ]);
  await expect(ask(gateway, "devices", "accept", "acme/p1/state")).rejects.toMatchObject({
    code: 4,
  });

  const entry = ["devices", "accept", "own/place/of/plug", "--profile", "tasmota/sensor"];
  expect(await ask(gateway, ...entry)).toContain("profile: tasmota/sensor");
  await device.publish("own/place/of/plug", thermometer(22));
  expect(await rows(gateway, "own-place-of-plug")).toEqual([
    expect.objectContaining({ events: 1, configured: true }),
  ]);
  expect(await ask(gateway, "validate", gateway.configPath).catch(() => "")).not.toContain("error");
});

test("a device is given a name, and only where nobody has it", async () => {
  const folder = await tempFolder();
  const gateway = await gatewayProcess({ folder, natsUrl: nowhere, configuration: "" });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "d" });
  await device.publish("tele/kitchen/SENSOR", thermometer(20));
  await device.publish("tele/cellar/SENSOR", thermometer(20));
  const text = await readFile(gateway.configPath, "utf8");
  const rename = (name: string, ...more: string[]): Promise<string> =>
    ask(gateway, "devices", "rename", "tasmota-kitchen", name, ...more);
  await expect(rename("tasmota-cellar")).rejects.toMatchObject({ code: 5 });
  expect(await rename("freezer")).toContain("id: freezer, profile: tasmota/sensor");
  expect(await readFile(gateway.configPath, "utf8")).toBe(text);
  expect(await rename("freezer", "--write")).toContain("keeps the name tasmota-kitchen");
  await device.publish("tele/kitchen/SENSOR", thermometer(21));
  const names = (await rows(gateway)).map((row) => Object.entries(row)[0]?.[1]);
  expect(names).toEqual(["freezer", "tasmota-cellar"]);
});

test("what did not fit a profile is told by profile and place", async () => {
  const folder = await tempFolder();
  const gateway = await gatewayProcess({ folder, natsUrl: nowhere, configuration: "" });
  await gateway.start();
  expect(await ask(gateway, "devices", "unread")).toContain("everything that came");
  const device = await connect({ port: gateway.mqttPort, clientId: "d" });
  await device.publish("zigbee2mqtt/lamp", '{"battery":55,"temperature":"hot"}');
  const unread = await ask(gateway, "devices", "unread");
  expect(unread).toMatch(/^Misfits\n {2}zigbee2mqtt\/\S+ +temperature +1 time .*hot/m);
});
