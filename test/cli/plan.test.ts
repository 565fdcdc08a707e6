import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import type { CommandState } from "../../src/core/command.ts";
import { toDeviceId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { openPlanSite, readRun, startPlanRunner } from "../plans/plan-site.ts";
import { connectionOf } from "../support/backbone.ts";
import { runCommand } from "../support/command-line.ts";
import { publishEvent } from "../support/gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";

const plans = {
  version: 1,
  plans: [
    {
      name: "shut_line",
      params: { line: { type: "text", values: ["north", "south"] } },
      give_up: "1s",
      steps: [
        { command: "close", device: "valve-{line}", compensate: { command: "open" } },
        { command: "stop", device: "pump-{line}" },
      ],
    },
  ],
};

const restarting = {
  version: 1,
  plans: [
    {
      name: "restart_plug",
      params: { plug: { type: "text" } },
      steps: [{ command: "restart", device: "{plug}" }],
    },
  ],
};

async function plant(decide: Parameters<typeof openPlanSite>[0]) {
  const site = await openPlanSite(decide);
  const cwd = await tempFolder();
  const configuration = {
    site: "plant-a",
    gateway: { id: "gw1" },
    backbone: { servers: [site.url] },
    plans: { files: ["plans.yaml", "restarting.yaml"] },
    devices: [{ id: "pump-plug", profile: "tasmota/state", topic: "tele/pump/STATE" }],
  };
  await writeFile(join(cwd, "sluicegate.yaml"), JSON.stringify(configuration));
  await writeFile(join(cwd, "plans.yaml"), JSON.stringify(plans));
  await writeFile(join(cwd, "restarting.yaml"), JSON.stringify(restarting));
  const run = (...args: string[]) => runCommand(["plan", ...args], { cwd });
  return { cwd, site, run };
}

test("a plan is shown, run and waited for", async () => {
  const { run, site } = await plant(() => "acknowledged");
  const [strange, dry] = await Promise.all([
    run("run", "shut_lime", "line=north"),
    run("run", "shut_line", "line=north", "--dry-run"),
  ]);
  expect(strange).toMatchObject({
    status: 4,
    stderr: expect.stringContaining("did you mean shut_line?"),
  });
  expect(dry.stdout).toBe(
    `1 close on valve-north (gateway gw1, valid for 5m); taken back by open on valve-north (gateway gw1, valid for 5m)
2 stop on pump-north (gateway gw1, valid for 5m); nothing takes it back
`,
  );
  startPlanRunner(site);
  const ended = await run("run", "shut_line", "line=north", "--wait", "--reason", "works");
  expect(ended).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      / {2}done\n {2}plan shut_line line=north, site plant-a\n.*: works\n {2}1 close on valve-north {2}acknowledged .*\n {2}2 stop/,
    ),
  });
  expect((await run("ls")).stdout).toMatch(/^shut_line-\w+ {2}done/);
}, 300_000);

test("a run is cancelled: what was done is taken back; what cannot be is settled by a person", async () => {
  let answer: (state: CommandState) => void = () => {};
  const { run, site } = await plant(({ name }) => {
    if (name === "open") return "failed";
    return name === "stop" ? new Promise((resolve) => (answer = resolve)) : "acknowledged";
  });
  startPlanRunner(site);
  const [name = ""] = (await run("run", "shut_line", "line=south")).stdout.split(" ");
  await expect.poll(() => site.gateway.read.length, { timeout: 100_000 }).toBe(2);
  expect((await run("cancel", name, "--dry-run")).stdout).toContain(`would cancel ${name}`);
  const [second = ""] = (await run("run", "shut_line", "line=south")).stdout.split(" ");
  expect((await run("show", second)).stderr).toBe(
    `it waits for ${name}, which has valve-south of gw1\n`,
  );
  expect((await run("cancel", second, "--reason", "x".repeat(513))).stderr).toContain(
    "at most 512",
  );
  expect((await run("cancel", second)).status).toBe(0);
  expect((await run("cancel", name, "--reason", "not today")).stdout).toContain(": not today");
  expect((await run("cancel", name)).stderr).toContain("already");
  answer("expired");
  await expect
    .poll(async () => (await readRun(site, { site: toSiteId("plant-a"), run: name })).state, {
      timeout: 100_000,
    })
    .toBe("stuck");
  const settled = await run("settle", name, "--reason", "opened by hand", "-o", "json");
  expect(JSON.parse(settled.stdout)).toMatchObject({
    state: "stuck",
    settled: { reason: "opened by hand" },
    cancel: { reason: "not today" },
    steps: [{ undo: { state: "failed" } }, { attempt: { state: "expired" } }],
  });
  expect((await run("cancel", name)).status).toBe(5);
}, 300_000);

test("a plan with a dangerous command is asked for with --yes alone, also where a device was discovered", async () => {
  const { run } = await plant(() => "acknowledged");
  const [refused, discovered, dry] = await Promise.all([
    run("run", "restart_plug", "plug=pump-plug"),
    run("run", "restart_plug", "plug=tasmota-kitchen"),
    run("run", "restart_plug", "plug=tasmota-kitchen", "--dry-run"),
  ]);
  for (const asked of [refused, discovered])
    expect(asked).toMatchObject({ status: 2, stderr: expect.stringContaining("--yes") });
  expect(dry).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("dangerous: restart on"),
  });
  expect((await run("ls")).stdout).toBe("no runs\n");
  const asked = await run("run", "restart_plug", "plug=pump-plug", "--yes");
  expect(asked).toMatchObject({ status: 0, stdout: expect.stringContaining("is requested") });
}, 300_000);

test("a plan is held against what its gateways tell of their devices, before anything is done", async () => {
  const { cwd, run, site } = await plant(() => "acknowledged");
  const record = {
    ...{ device: toDeviceId("sim-freezer-01"), profile: "sluicegate/sim-freezer@3" },
    ...{ tags: {}, attrs: {}, metrics: [] },
  };
  const connection = await connectionOf(site.backbone);
  await publishEvent(
    jetstream(connection),
    {
      ...{ kind: "device", device: record.device, timeMs: 0, receivedMs: 0, clock: "gateway" },
      data: record,
    },
    { run: toRunId("k3f9q2aa"), seq: toSeq(1) },
  );
  const cold = { command: "set_point", device: "sim-freezer-01", params: { level: -20 } };
  const warm = { ...cold, params: { level: -5 } };
  const plan = (name: string, step: object) => ({ name, steps: [step] });
  const more = [
    plan("good", { ...cold, compensate: { command: "set_point", params: { level: -18 } } }),
    plan("no_way_back", { ...cold, compensate: warm }),
    plan("strange", { ...cold, gateway: "gw7" }),
    plan("later", { ...cold, device: "sim-freezer-02" }),
  ];
  await writeFile(join(cwd, "restarting.yaml"), JSON.stringify({ version: 1, plans: more }));
  const [good, noWay, strange, later] = await Promise.all([
    run("run", "good"),
    run("run", "no_way_back"),
    run("run", "strange"),
    run("run", "later"),
  ]);
  expect(good).toMatchObject({ status: 0, stderr: "" });
  expect(noWay).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("set_point on sim-freezer-01: "),
  });
  expect(strange).toMatchObject({
    status: 4,
    stderr: expect.stringContaining("no gateway of site plant-a is named gw7"),
  });
  expect(later).toMatchObject({
    status: 0,
    stderr: "sim-freezer-02 of gw1 has told nothing of itself yet\n",
  });
}, 300_000);
