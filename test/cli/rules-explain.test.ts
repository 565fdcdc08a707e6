import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { expect, it, onTestFinished } from "vitest";
import { eventIdOf } from "../../src/core/ids.ts";
import { eventSubject } from "../../src/core/subject.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { recorded } from "../rules/trial/recorded.ts";
import { warm } from "../rules/trial/trials.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { natsServer } from "../support/nats-server.ts";
import { roleProgram } from "../support/role-program.ts";

const moved = { ...warm, alert: "Moved", select: { metric: "speed" } };
const other = { ...warm, alert: "Other", enabled: false, for_samples: 3, for: undefined };

const whole = {
  ...{ alert: "SiteWarm", per: "site", select: { metric: "t" }, severity: "info" },
  condition: { window: { agg: "avg", over: "5m", above: -15 } },
};

/** A site with rules, and a backbone with what its gateway said: warm for 30 minutes, and so still. */
async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  const events = recorded("-18x5 -10x30");
  const [first] = events;
  if (!first) throw new Error("nothing was recorded");
  await ensureStream(connection, gatewayStreamContract(first.origin, backboneOptionsFor(url)));
  const client = jetstream(connection);
  await Promise.all(
    events.map((event) => {
      const { device, kind, origin, position } = event;
      const id = eventIdOf(origin.gateway, position.run, position.seq);
      const text = createEventEncoder(origin)(event, id);
      return client.publish(eventSubject({ ...origin, device, kind }), text);
    }),
  );
  const cwd = await openFolder();
  await mkdir(join(cwd, "rules"));
  const groups = [{ name: "g", rules: [warm, moved, other, whole] }];
  await writeFile(join(cwd, "rules/g.yaml"), JSON.stringify({ version: 1, groups }));
  const configPath = join(cwd, "sluicegate.yaml");
  await writeFile(
    configPath,
    `site: site\ngateway: { id: gw1, data: data }\nprofiles: { generic: true }\nbackbone: { servers: ["${url}"] }\n`,
  );
  const run = (...args: string[]) => runCommand(["rules", ...args], { cwd });
  return { cwd, configPath, run };
}

it("an alert is explained by whoever runs the rules, and as it was at a moment by the streams", async () => {
  const { configPath, cwd, run } = await setUp();
  const past = await run("explain", "Warm", "d", "--at", "2026-01-05T00:09:02Z");
  expect(past).toMatchObject({ status: 0, stderr: "" });
  expect(past.stdout.split("\n")).toEqual([
    "Warm d is pending   site/gw1   judged up to 2026-01-05T00:09:00.000Z",
    "  t is -10 since 2026-01-05T00:09:00.000Z, the limit is -15",
    "  the breach began at 2026-01-05T00:05:00.000Z",
    "  if it stays so it fires in 6m, at 2026-01-05T00:15:00.000Z",
    "  a value counts for 3m: this one until 2026-01-05T00:12:00.000Z",
    "last samples",
    ...[5, 6, 7, 8, 9].map((minute) => `  2026-01-05T00:0${minute}:00.000Z t -10`),
    "",
  ]);

  const program = roleProgram({ role: "processor", configPath, folder: cwd });
  program.start();
  onTestFinished(() => program.kill());
  await expect
    .poll(async () => (await run("ls")).stdout, { timeout: 30_000, interval: 500 })
    .toMatch(
      /^RULE\tKIND\tSEVERITY\tWATCHES\tFIRING\tSELECTS\tWHEN\ng\/Warm\tthreshold\twarning\t1\t1\t/,
    );
  const listed = await run("ls");
  expect(listed.stdout).toMatch(
    /\ng\/Moved\tthreshold\twarning\t0\t0\tmetric speed\tfor 10m, ends after 5m\n/,
  );
  expect(listed.stdout).toMatch(/\ng\/Other\tthreshold\toff\t.*\tfor 3 samples, ends after 5m\n/);
  expect(listed.stdout).toMatch(/\nsluicegate\/DeviceSilent\treserved\twarning\t1\t0\t/);

  const now = await run("explain", "SiteWarm", "site");
  expect(now.stdout).toContain("\nlisted as ");
  const then = await run("explain", "SiteWarm", "d", "--at", "2026-01-05T00:34:00Z");
  for (const { stdout } of [now, then]) {
    expect(stdout).toMatch(/^SiteWarm is firing {3}site {3}judged up to 2026-01-05T00:3/);
    expect(stdout).toContain("\n  1 device of it is there: 1 of gw1\n");
  }

  const live = await run("explain", "g/Warm", "d");
  expect(live.stdout).toMatch(/^Warm d is firing {3}site\/gw1 {3}judged up to 2026-01-05T00:34/);
  expect(live.stdout).toContain("\nlisted as unacknowledged\n");
  const plain: unknown = JSON.parse((await run("explain", "Moved", "d", "-o", "json")).stdout);
  expect(plain).toEqual({
    schema: "sluicegate.rules-explain/1",
    instances: [
      {
        ...{ site: "site", gateway: "gw1", rule: "g/Moved", alert: "Moved", device: "d" },
        ...{ state: "unwatched", reasons: ["it has no metric speed; it has t"] },
      },
    ],
    samples: [],
    handling: [],
  });
  await program.stop();
}, 120_000);

it("rules are listed and validated without a processor, and what there is not is said", async () => {
  const { cwd, run } = await setUp();
  expect((await run("ls")).stderr).toBe("(no processor runs here that says what fires)\n");
  expect(JSON.parse((await run("ls", "-o", "json")).stdout)).toMatchObject({
    schema: "sluicegate.rules/1",
    rules: [
      { rule: "g/Warm", enabled: true },
      { kind: "threshold" },
      { enabled: false },
      { rule: "g/SiteWarm" },
      ...Array(10).fill({ kind: "reserved" }),
    ],
  });
  for (const [args, ends, words] of [
    [["explain", "Wram", "d"], 4, "no rule is Wram; did you mean Warm?"],
    [
      ["explain", "BufferFilling", "gw1"],
      2,
      "alerts show BufferFilling how it is once it has fired",
    ],
    [["explain", "Warm", "e"], 4, "no gateway has told of a device e"],
  ] as const) {
    const refused = await run(...args);
    expect(refused).toMatchObject({ status: ends, stdout: "" });
    expect(refused.stderr).toContain(words);
  }
  expect(await run("validate")).toMatchObject({ status: 0, stderr: "" });
  await writeFile(join(cwd, "rules/h.yaml"), "version: 1\ngroups: [{ name: h, rules: [] }]\n");
  const broken = await run("validate");
  expect(broken).toMatchObject({ status: 1, stderr: "" });
  expect(broken.stdout).toMatch(
    /^rules\/h.yaml:2:\d+ error\[rule\..*1 error, 0 warnings in 2 files\n$/s,
  );
}, 120_000);

it("a rule that comes with the program is no file that is missing", async () => {
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\n");
  const { status, stderr } = await runCommand(["rules", "explain", "GatewayOffline", "gw1"], {
    cwd,
  });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^sluicegate: GatewayOffline comes with the program, /),
  });
});
