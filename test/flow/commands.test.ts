/** Commands from the command line to simulated devices and back, by a real gateway. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { Actuator } from "../../src/simulate/actuator.ts";
import { parseBrokerUrl } from "../../src/simulate/mqtt-wire.ts";
import { commandFamilies, writeCommandProfiles } from "../faults/command-devices.ts";
import { runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

async function site() {
  const folder = await tempFolder();
  const { url } = await natsServer();
  const configuration = await writeCommandProfiles(folder);
  const gateway = await gatewayProcess({ folder, natsUrl: url, configuration });
  await gateway.start();
  const devices = commandFamilies.map(({ name, ...rest }) => {
    const actuator = new Actuator(
      { ...rest, family: name, id: "1" },
      {
        ...{ broker: parseBrokerUrl(gateway.mqttUrl), clock: systemClock, random: Math.random },
        ...{ mishap: () => undefined, workMs: () => 0 },
      },
    );
    onTestFinished(() => actuator.leave());
    actuator.start();
    return actuator;
  });
  await waitUntil(() => devices.every(({ isUp }) => isUp), "the devices are there");
  await gateway.drained();
  const run = (...words: string[]) => runCommand(words, { cwd: folder });
  return { devices, folder, gateway, run, url };
}

function idIn(stdout: string): string {
  return /^([0-9a-f]{16}) /m.exec(stdout)?.[1] ?? "";
}

test("a command goes to its device, and its end is what the device said", async () => {
  const { devices, folder, run, url } = await site();
  const [ids] = devices;

  await writeFile(join(folder, "hub.yaml"), "site: hub\ngateway: { id: hub-1 }\n");
  const elsewhere = ["--nats", url, "--config", "hub.yaml", "--dry-run"];
  expect(await run("send", "ids-1", "set", "level=20", ...elsewhere)).toMatchObject({
    status: 4,
    stderr: expect.stringContaining("no gateway of site hub has a stream yet"),
  });
  const dry = await run("send", "idss-1", "set", "level=20", "--dry-run");
  expect(dry).toMatchObject({ status: 4, stderr: expect.stringContaining("did you mean ids-1") });
  const shown = await run("send", "ids-1", "set", "level=20", "--dry-run", "-o", "json");
  expect(JSON.parse(shown.stdout)).toMatchObject({
    write: { kind: "message", topic: "ids/1/do", qos: 1, retain: false },
  });
  expect(await run("send", "ids-1", "set", "level=400")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("not within 0 to 200"),
  });
  expect(await run("send", "ids-1", "sett")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("did you mean set?"),
  });
  expect(ids?.deeds).toEqual([]);

  const done = await run("send", "ids-1", "set", "level=20", "--wait", "--reason", "trial");
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout).toMatch(/queued.*sent.*acknowledged/s);
  expect(ids?.deeds.map(({ command }) => command)).toEqual([idIn(done.stdout)]);

  expect((await run("send", "ids-1", "set", "level=150", "--wait")).status).toBe(10);
  const mute = await run("send", "mute-1", "set", "level=1", "--wait");
  expect(mute).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("client mute-1 has it"),
  });
  const blind = await run("send", "blind-1", "set", "level=1", "--wait");
  expect(blind).toMatchObject({ status: 0, stdout: expect.stringMatching(/sent/) });
  expect(devices.map(({ effects }) => effects)).toEqual([1, 0, 1, 1]);

  const all = JSON.parse((await run("commands", "ls", "-o", "json")).stdout);
  expect(all.commands.map(({ state }: { state: string }) => state)).toEqual([
    "acknowledged",
    "refused",
    "delivered",
    "sent",
  ]);
  const show = await run("commands", "show", idIn(done.stdout));
  expect(show.stdout).toMatch(/by .*: trial/);
  expect((await run("devices", "show", "ids-1")).stdout).toMatch(/set +level: number 0 to 200/);
  expect((await run("status")).stdout).toContain("Commands  1 acknowledged");
});

test("a device that is away gets what still holds when it is back, and never what has expired", async () => {
  const { devices, gateway, run } = await site();
  const [ids, plain] = devices;
  await Promise.all([ids?.leave(), plain?.leave()]);

  const expired = await run("send", "plain-1", "set", "level=1", "--expires", "1s", "--wait");
  expect(expired).toMatchObject({ status: 12, stdout: expect.stringContaining("valid until") });
  const held = await run("send", "ids-1", "set", "level=2", "--wait", "--timeout", "1s");
  expect(held).toMatchObject({ status: 7, stderr: expect.stringContaining("the command stands") });
  const taken = await run("send", "plain-1", "set", "level=3");
  const cancel = await run("commands", "cancel", idIn(taken.stdout), "--wait");
  expect(cancel.status, cancel.stdout).toBe(0);

  await gateway.kill();
  await gateway.start();
  ids?.start();
  plain?.start();
  const id = idIn(held.stdout);
  await waitUntil(() => ids?.effects === 1, "it is done");
  await waitUntil(
    async () => (await run("commands", "show", id)).stdout.includes("acknowledged"),
    "its end is told",
  );
  expect(plain?.deeds).toEqual([]);
  expect((await run("commands", "cancel", id)).status).toBe(5);
});
