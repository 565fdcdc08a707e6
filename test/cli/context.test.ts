import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { TestAuthority } from "../support/certificates.ts";
import { openFolder, ordinaryUser, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { publishOnce } from "../support/publish-once.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a gateway elsewhere is asked over TLS with a token that stands in no argument and no output", async () => {
  const folder = await tempFolder();
  const authority = await TestAuthority.create(folder, "plant-ca");
  const { cert, key } = await authority.sign("gw1");
  const port = await freePort();
  const gateway = await gatewayProcess({
    ...{ folder, natsUrl: "nats://127.0.0.1:1" },
    configuration: `console: { listen: "127.0.0.1:${port}", tls: { cert: ${JSON.stringify(cert)}, key: ${JSON.stringify(key)} } }\n`,
  });
  await gateway.start();
  const config = ["-c", gateway.configPath];
  const cwd = join(folder, "elsewhere");
  await mkdir(cwd);
  const env = { XDG_CONFIG_HOME: join(cwd, "home") };
  const run = (line: string, input = "") => runCommand(line.split(" "), { cwd, env, input });
  const made = await runCommand(["tokens", "add", "night-shift", ...config], { cwd: folder });
  const token = made.stdout.trim();
  const url = `https://127.0.0.1:${port}`;

  const strange = await run(`context add plant-a ${url}`, token);
  expect(strange).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("--ca names its CA"),
  });
  const unknown = await run(
    `context add plant-a ${url} --ca ${authority.files.cert}`,
    "not-a-token",
  );
  expect(unknown).toMatchObject({
    status: 6,
    stderr: expect.stringContaining("the token does not count there"),
  });
  const added = () => run(`context add plant-a ${url} --ca ${authority.files.cert}`, token);
  const kept = await waitUntil(async () => {
    const one = await added();
    return one.status === 0 && one;
  }, "the token counts");
  expect(kept.stdout).toContain("plant-a is https://127.0.0.1:");
  const file = join(cwd, "home/sluicegate/contexts.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).toContain(token);

  await publishOnce(
    gateway.mqttUrl,
    "tele/greenhouse/SENSOR",
    '{"Time":"2026-11-21T14:02:10","DS18B20":{"Temperature":21.4},"TempUnit":"C"}',
  );
  const status = await run("status --context plant-a");
  expect(status).toMatchObject({ status: 0, stderr: "" });
  expect(status.stdout).toMatch(/^plant-a\/gw1 {3}gateway .*\n.*\nLink {6}\w+/);
  const json = await run(`status --addr ${url} -o json`);
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: "sluicegate.remote-status/1",
    site: "plant-a",
  });
  const devices = await run("devices ls --context plant-a");
  expect(devices.stdout).toMatch(/^tasmota-greenhouse\tok\ttasmota\/sensor@/);
  expect((await run("alerts ls --context plant-a")).stdout).toBe("no alerts\n");
  await publishOnce(gateway.mqttUrl, "tele/cellar/SENSOR", '{"DS18B20":{"Temperature":12.5}}');
  const events = await waitUntil(async () => {
    const one = await run("events --context plant-a --kind measurement");
    return one.stdout.includes("tasmota-cellar") && one;
  }, "both devices have told something");
  expect(events).toMatchObject({ status: 0, stderr: "" });
  expect(events.stdout).toMatch(
    /^\d{4}-\d\d-\d\d \(UTC, by receipt\)\n.* gw1\.\S+ tasmota-greenhouse .*temperature 21\.4 .*\n.* tasmota-cellar .*12\.5/,
  );
  const one = await run("events --context plant-a --device *-cellar --limit 1 -o ndjson");
  expect(JSON.parse(one.stdout)).toMatchObject({
    ...{ schema: "sluicegate.remote-event/1", site: "plant-a", gateway: "gw1" },
    ...{ device: "tasmota-cellar", kind: "measurement" },
  });
  expect((await run("events --context plant-a --follow")).stderr).toContain("tap sent");
  const top = await run("top --once --context plant-a");
  expect(top).toMatchObject({ status: 0, stderr: "" });
  expect(top.stdout).toMatch(/^plant-a\/gw1 .*\n[\s\S]*\nLink {6}\w+[\s\S]*\nno alerts\n/);
  expect(JSON.parse((await run("top --once -o json --context plant-a")).stdout)).toMatchObject({
    ...{ schema: "sluicegate.remote-top/1", alerts: [], status: { site: "plant-a" } },
  });
  expect((await run("context use plant-a")).status).toBe(0);
  expect((await run("devices ls")).stdout).toMatch(/^tasmota-greenhouse\tok/m);

  expect((await run("alerts ack Nothing --context plant-a")).status).toBe(4);
  expect((await run("status --context plant-b")).stderr).toContain("did you mean plant-a?");
  expect((await run("status --addr http://10.0.0.7")).status).toBe(2);
  expect((await run("context rm plant-a")).status).toBe(2);
  for (const said of [kept, status, json, devices, events, top, await run("context ls -o json")])
    expect(said.stdout + said.stderr).not.toContain(token);

  await runCommand(["tokens", "rm", "night-shift", "--yes", ...config], { cwd: folder });
  await waitUntil(
    async () => (await run("status")).status === 6,
    "the token does not count any more",
  );
  expect((await run("context rm plant-a --yes")).status).toBe(0);
  await gateway.stop();
}, 180_000);

test("contexts that this user may not read, or no home at all, keep nobody from the machine they are at", async () => {
  const cwd = await openFolder();
  const user = await ordinaryUser();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\nsources: []\n");
  await mkdir(join(cwd, "sluicegate"));
  await writeFile(join(cwd, "sluicegate/contexts.json"), '{"current":"plant-a","contexts":{}}');
  await chmod(join(cwd, "sluicegate"), 0);
  const run = (line: string, env: Record<string, string>) =>
    runCommand(line.split(" "), { cwd, env, user });
  const [here, named, broken] = await Promise.all([
    run("devices ls", { XDG_CONFIG_HOME: cwd }),
    run("devices ls --context plant-a", { XDG_CONFIG_HOME: cwd }),
    run("devices ls", { XDG_CONFIG_HOME: "", HOME: join(cwd, "sluicegate.yaml") }),
  ]);
  await chmod(join(cwd, "sluicegate"), 0o755);
  const nobodyRuns = expect.stringContaining("sluicegate.sock");
  expect(here).toMatchObject({ status: 3, stderr: nobodyRuns });
  expect(named).toMatchObject({ status: 78, stderr: expect.stringContaining("contexts.json") });
  expect(broken).toMatchObject({ status: 3, stderr: nobodyRuns });
}, 60_000);

test("contexts that others may read are used with a warning, those that others may write are not used", async () => {
  const cwd = await openFolder();
  await mkdir(join(cwd, "sluicegate"));
  const file = join(cwd, "sluicegate/contexts.json");
  const contexts = { "plant-a": { url: "http://127.0.0.1:1", token: "hunter2" } };
  await writeFile(file, JSON.stringify({ current: "plant-a", contexts }));
  const run = (line: string) => runCommand(line.split(" "), { cwd, env: { XDG_CONFIG_HOME: cwd } });
  await chmod(file, 0o644);
  const open = await run("status");
  expect(open.status).toBe(3);
  expect(open.stderr.match(/^warning: others may read the tokens in .*chmod 600/gm)).toHaveLength(
    1,
  );
  for (const mode of [0o620, 0o602]) {
    await chmod(file, mode);
    for (const line of ["status", "status --context plant-a", "context ls", "context use -"]) {
      const refused = await run(line);
      expect(refused, line).toMatchObject({ status: 78, stdout: "" });
      expect(refused.stderr).toMatch(/others may write where tokens are sent.*chmod 600/);
      expect(refused.stderr).not.toContain("hunter2");
    }
  }
  await chmod(file, 0o644);
  expect((await run("context use -")).status).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await run("context ls")).toMatchObject({ status: 0, stderr: "" });
}, 120_000);
