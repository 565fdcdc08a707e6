import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { publishOnce } from "../support/publish-once.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

test("devices, commands, rejected messages and what flows are the same elsewhere as here", async () => {
  const folder = await tempFolder();
  const port = await freePort();
  const { url: natsUrl } = await natsServer();
  const configuration = `console: { listen: "127.0.0.1:${port}" }\n`;
  const gateway = await gatewayProcess({ folder, natsUrl, configuration });
  await gateway.start();
  const config = ["-c", gateway.configPath];
  const cwd = join(folder, "elsewhere");
  await mkdir(cwd);
  const env = { XDG_CONFIG_HOME: join(cwd, "home") };
  const there = (...args: string[]) =>
    runCommand([...args, "--context", "plant-a"], { cwd, env, input: "" });
  const here = (...args: string[]) => runCommand([...args, ...config], { cwd, env, input: "" });
  const made = await here("tokens", "add", "night-shift", "--role", "operator");
  await waitUntil(async () => {
    const added = ["context", "add", "plant-a", `http://127.0.0.1:${port}`];
    return (await runCommand(added, { cwd, env, input: made.stdout })).status === 0;
  }, "the token counts");
  const device = await connect({ port: gateway.mqttPort, clientId: "kitchen" });
  await device.subscribe("cmnd/kitchen/#");
  await device.publish("tele/kitchen/STATE", '{"POWER":"OFF"}');
  await publishOnce(gateway.mqttUrl, "tele/cellar/SENSOR", "{{{");

  await waitUntil(
    async () => (await here("devices", "show", "tasmota-kitchen")).status === 0,
    "the device is known",
  );
  const [shown, own, strange] = await Promise.all([
    there("devices", "show", "tasmota-kitchen", "-o", "json"),
    here("devices", "show", "tasmota-kitchen", "-o", "json"),
    there("devices", "show", "tasmota-kitchn"),
  ]);
  const [said, known] = [shown, own].map(({ stdout }) => JSON.parse(stdout));
  for (const name of ["device", "state", "profile", "topic", "firstMs", "events", "values"])
    expect(said.device[name], name).toEqual(known.device[name]);
  expect(known.commands).toMatchObject(said.commands);
  expect(strange.status).toBe(4);
  expect(strange.stderr).toContain("did you mean tasmota-kitchen?");

  const groups = await Promise.all([there, here].map((ask) => ask("dlq", "ls", "-o", "json")));
  const [far, near] = groups.map(({ stdout }) => JSON.parse(stdout));
  expect(far).toEqual(near);
  expect((await there("dlq", "show")).stdout).toEqual((await here("dlq", "show")).stdout);
  expect((await there("dlq", "try")).status).toBe(1);
  const discard = ["dlq", "discard", "--topic", "tele/#", "--reason", "noise"];
  expect((await there(...discard)).status).toBe(2);
  expect((await there(...discard, "--yes")).stdout).toBe("1 discarded\n");
  expect((await here("dlq", "ls")).stdout).toContain("no rejected messages");

  const send = ["send", "tasmota-kitchen", "set_power"];
  expect((await there(...send, "state=ON", "--dry-run")).stdout).toContain("cmnd/kitchen/POWER");
  expect((await there("send", "tasmota-kitchen", "set_powr")).stderr).toContain(
    "did you mean set_power?",
  );
  const sending = there(...send, "state=ON", "--wait", "--timeout", "60s");
  await waitUntil(() => device.delivered[0], "the command at the device");
  await device.publish("stat/kitchen/RESULT", '{"POWER":"ON"}');
  const sent = await sending;
  expect(sent).toMatchObject({ status: 0, stdout: expect.stringContaining("acknowledged") });
  const [id = ""] = sent.stdout.split(" ");
  const lists = await Promise.all([there, here].map((ask) => ask("commands", "ls")));
  expect(lists[0]?.stdout).toBe(lists[1]?.stdout);
  expect((await there("commands", "show", id)).stdout).toContain("night-shift");
  expect((await there("commands", "cancel", id)).status).toBe(5);
  expect((await there("commands", "show", "0000")).status).toBe(4);

  const speaking = setInterval(
    () => void device.publish("tele/kitchen/STATE", '{"POWER":"ON"}'),
    200,
  );
  const tapped = await there("tap", "received", "--topic", "tele/#", "--limit", "2");
  const events = await there("tap", "--device", "tasmota-*", "--limit", "1", "-o", "ndjson");
  clearInterval(speaking);
  expect(tapped).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("(shown 2, not shown"),
  });
  expect(tapped.stdout.trim().split("\n")).toHaveLength(2);
  expect(JSON.parse(events.stdout)).toMatchObject({ device: "tasmota-kitchen" });

  await gateway.stop();
  for (const line of ["tap", "dlq ls", "devices show tasmota-kitchen", "commands ls"])
    expect((await there(...line.split(" "))).status, line).toBe(3);
}, 180_000);
