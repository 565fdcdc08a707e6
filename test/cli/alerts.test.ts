import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { fnv1a64 } from "../../src/core/fnv1a.ts";
import { appendTransition } from "../../src/stream/alert-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { endOf, transitionOf } from "../alerts/given-alerts.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { program } from "../support/gateway-program.ts";
import { natsServer } from "../support/nats-server.ts";

/** The stream of alerts at a server, and a command line beside it. */
async function setUp(configuration = "") {
  const { url } = await natsServer();
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), `gateway: { id: gw1 }\n${configuration}`);
  const connection = await connectionOf(testBackbone(url));
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
  const store = async (transition: AlertTransition): Promise<AlertTransition> => {
    const instance = fnv1a64(transition.instance);
    const own = { ...transition, instance };
    await appendTransition(connection, own, undefined);
    return own;
  };
  const run = (...args: string[]) =>
    runCommand(["alerts", ...args, "--nats", url], { cwd, env: { USER: "ana" } });
  return { url, cwd, store, run };
}

const critical = { severity: "critical" } as const;

test("alerts are listed, acknowledged and shelved by name, and each is in one list", async () => {
  const { run, store } = await setUp();
  const warm = await store(transitionOf("f1", 0, 1, critical));
  await store(transitionOf("f2", 0, 1));
  await store(transitionOf("f3", 0, 1, { alert: "DoorOpen" }));
  await store(endOf("f3", 0, 2, 1, { alert: "DoorOpen" }));

  const listed = await run("ls", "--fail-on", "critical");
  expect(listed).toMatchObject({ status: 1, stderr: "" });
  expect(listed.stdout).toMatch(
    /^ID\tSEVERITY\tSTATE\tALERT\tFOR\n\w{8}\tcritical\tunacknowledged\tFreezerWarm f1\t\S+\n\w{8}\twarning\tunacknowledged\tFreezerWarm f2\t\S+\n$/,
  );
  for (const line of listed.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);

  const several = await run("ack", "FreezerWarm");
  expect(several).toMatchObject({ status: 2, stdout: "" });
  expect(several.stderr).toMatch(
    /these are 2 alerts; say which .* --all: \w{16} FreezerWarm f1, \w{16} FreezerWarm f2/,
  );
  const acked = await run("ack", warm.instance.slice(0, 6), "--reason", "on my way");
  expect(acked).toMatchObject({ status: 0, stdout: "FreezerWarm f1 acknowledged\n" });
  expect(await run("ack", "FreezerWarm", "f1", "--by", "bo")).toMatchObject({
    status: 1,
    stderr: "sluicegate: FreezerWarm f1: ana acknowledged it already\n",
  });
  const shelved = await run("shelve", "FreezerWarm", "f2", "--for", "2h", "--reason", "defrost");
  expect(shelved).toMatchObject({ status: 0, stdout: "FreezerWarm f2 shelved\n" });

  const [left, shelf, json, story] = await Promise.all([
    run("ls", "--severity", "critical", "--rule", "cold/*", "--site", "plant-?"),
    run("ls", "--shelved"),
    run("ls", "--all", "-o", "json"),
    run("show", "FreezerWarm", "f1"),
  ]);
  expect(left.stdout).toContain("acknowledged by ana: on my way\n");
  expect(left.stdout).not.toContain("f2");
  expect(shelf.stderr).toBe("(not shown: 1 acknowledged; --all)\n");
  expect(shelf.stdout).toMatch(/f2.*\n {10}shelved until .* by ana: defrost\n/);
  const plain: { alerts: object[] } = JSON.parse(json.stdout);
  expect(plain).toMatchObject({
    schema: "sluicegate.alerts/1",
    alerts: [
      { state: "acknowledged", acked: { by: "ana" }, alert: { rule: "cold/FreezerWarm" } },
      { state: "shelved", shelf: { reason: "defrost", once: false } },
    ],
  });

  expect(story.stdout).toMatch(/^FreezerWarm f1 +critical +acknowledged\nId +\w{16}\n/);
  expect(story.stdout).toMatch(/ +firing critical +for_elapsed\n\S+Z +ack +by ana: on my way\n$/);
}, 120_000);

test("what is not to be done is refused with words, and changes nothing", async () => {
  const { run, store } = await setUp("alerts: { max_shelve: 4h }\n");
  const handling = { latch: true } as const;
  await store(transitionOf("f1", 0, 1, { handling }));
  const warm = ["FreezerWarm", "f1"];
  const why = ["--reason", "defrost"];
  const refusals = [
    [
      1,
      ["shelve", ...warm, "--for", "5h", ...why],
      "5h is longer than the 4h that alerts.max_shelve",
    ],
    [1, ["reset", ...warm], "it still fires"],
    [4, ["ack", "FreezerWram"], "did you mean FreezerWarm?"],
    [2, ["shelve", ...warm, "--for", "5 hours", ...why], "write 5h"],
  ] as const;
  await Promise.all(
    refusals.map(async ([status, args, words]) =>
      expect(await run(...args)).toMatchObject({
        status,
        stdout: "",
        stderr: expect.stringContaining(words),
      }),
    ),
  );
  await store(endOf("f1", 0, 2, 1, { handling }));
  expect((await run("ls")).stdout).toMatch(/latched\tFreezerWarm f1/);
  expect((await run("reset", ...warm)).stdout).toBe("FreezerWarm f1 reset\n");
  expect((await run("ls")).stdout).toBe("no alerts\n");
}, 120_000);

test("figures count what fired, and watch tells each change and each action as it comes", async () => {
  const { cwd, run, store, url } = await setUp();
  const nowMs = Date.now();
  const firedAt = (agoMs: number): Partial<AlertTransition> => {
    const at = new Date(nowMs - agoMs).toISOString();
    return { started_at: at, fired_at: at, at };
  };
  await store(transitionOf("f9", 0, 1, firedAt(2 * 86_400_000)));
  const child = spawn(process.execPath, [program, "alerts", "watch", "--nats", url], { cwd });
  onTestFinished(() => void child.kill("SIGKILL"));
  let watched = "";
  let isReady = false;
  child.stderr.once("data", () => {
    isReady = true;
  });
  child.stdout.on("data", (part) => {
    watched += part;
  });
  await expect.poll(() => isReady, { timeout: 20_000 }).toBe(true);
  for (let seconds = 20; seconds >= 1; seconds -= 5) {
    await store(transitionOf(`f1`, seconds, 1, firedAt(seconds * 1_000)));
  }
  await expect.poll(() => watched, { timeout: 20_000 }).toMatch(/FreezerWarm f1 {2}firing warning/);
  await run("ack", "FreezerWarm", "f1");
  await expect.poll(() => watched, { timeout: 20_000 }).toMatch(/FreezerWarm f1 {2}ack {2}by ana/);

  const { stdout } = await run("stats", "--since", "10d");
  expect(stdout).toContain("Alerts that fired       5 in 10d, 0.02 an hour\n");
  expect(stdout).toContain("Chattering              1 fired three times within a minute\n");
  expect(stdout).toContain(
    "Standing                1 fire for more than 24 hours\n  FreezerWarm f9\n",
  );
  expect(stdout).toMatch(
    /Those that fired most +100.0 % of all\n +4 +FreezerWarm f1\n +1 +FreezerWarm f9\n$/,
  );
}, 120_000);
