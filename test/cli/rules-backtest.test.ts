import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { expect, it } from "vitest";
import { readStreams } from "../../src/app/recorded-events.ts";
import { readSitePlace } from "../../src/config/site/read-site-place.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { eventIdOf } from "../../src/core/ids.ts";
import { eventSubject } from "../../src/core/subject.ts";
import { addEventPoints } from "../../src/historian/event-points.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { Backtest } from "../../src/rules/trial/backtest.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { recorded } from "../rules/trial/recorded.ts";
import { trialRules, warm } from "../rules/trial/trials.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { influxd } from "../support/influxd.ts";
import { natsServer } from "../support/nats-server.ts";
import { isHere } from "../support/programs-here.ts";
import { startProcessor } from "../support/start-processor.ts";

const values = "-18x5 -10x30 -18x20 _x30 -10x20 -18x20 -5x15";
const events = recorded(values);
const rulesFile = (above: number): string =>
  JSON.stringify({
    version: 1,
    groups: [{ name: "g", rules: [{ ...warm, condition: { threshold: { above, deadband: 2 } } }] }],
  });

function lines(): string[] {
  return events.map((event) => {
    const { gateway } = event.origin;
    const { run, seq } = event.position;
    return createEventEncoder(event.origin)(event, eventIdOf(gateway, run, seq));
  });
}

it("a backtest of the streams finds the transitions that the processor stored, by their ids", async () => {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  const [first] = events;
  if (!first) throw new Error("nothing was recorded");
  await ensureStream(connection, gatewayStreamContract(first.origin, backboneOptionsFor(url)));
  const client = jetstream(connection);
  const texts = lines();
  await Promise.all(
    events.map(({ device, kind, origin }, at) =>
      client.publish(eventSubject({ ...origin, device, kind }), texts[at] ?? ""),
    ),
  );
  const live = trialRules([warm], ["DeviceSilent", "QualityBad"]);
  startProcessor(url, {
    backbone,
    createEngine: (memory) =>
      createRuleEngine(live.rules, memory && joinMemory(memory.head, memory.parts), live.reserved),
  });

  const cwd = await openFolder();
  const config = join(cwd, "sluicegate.yaml");
  await writeFile(config, "gateway: { id: gw1 }\n");
  const ids: string[] = [];
  const test = new Backtest(live, ({ id }) => ids.push(id));
  const place = await readSitePlace(config, machineFiles({}));
  expect(
    await readStreams(place, [url], (event) => {
      test.feed(event);
      return true;
    }),
  ).toEqual({ gateways: 1, others: 0 });
  expect(ids.length).toBeGreaterThan(5);
  await expect
    .poll(async () => (await storedTransitions(connection)).map(({ id }) => id).sort(), {
      timeout: 30_000,
    })
    .toEqual(ids.sort());

  await writeFile(join(cwd, "warm.yaml"), rulesFile(-15));
  const args = ["rules", "backtest", "warm.yaml", "--from-stream", "--nats", url];
  const told = await runCommand(args, { cwd });
  expect(told.stdout).toMatch(/^ALERT\tEPISODES\tPER DAY.*\nWarm\t3\t.*\n$/);
  expect(told.stderr).toMatch(new RegExp(`^${events.length} events of 1 gateway, 2h20m; heard in`));
}, 60_000);

it("a database is heard, and what it cannot tell is said", async () => {
  const cwd = await openFolder();
  const { url } = await natsServer();
  await writeFile(join(cwd, "warm.yaml"), rulesFile(-15));
  const nowhere = { historian: { url: "http://127.0.0.1:1" } };
  const site = { gateway: { id: "hub" }, backbone: { servers: [url] } };
  await writeFile(join(cwd, "sluicegate.yaml"), JSON.stringify({ ...site, ...nowhere }));
  const args = ["rules", "backtest", "warm.yaml", "--from-influx"];
  const none = await runCommand(args, { cwd });
  expect(none.stderr).toContain("cannot query sluicegate at http://127.0.0.1:1");
  const other = { historian: { ...nowhere.historian, kind: "victoria-metrics" } };
  await writeFile(join(cwd, "sluicegate.yaml"), JSON.stringify({ ...site, ...other }));
  const refused = await runCommand(args, { cwd });
  expect(refused).toMatchObject({ status: 2 });
  expect(refused.stderr).toContain("use --from-stream or a recording");
  if (!isHere("influxd", "version")) return;

  const influx = await influxd();
  await influx.query("create database sluicegate");
  const points: string[] = [];
  for (const event of events) addEventPoints(points, event, { texts: true });
  await fetch(`${influx.url}/write?db=sluicegate`, { method: "POST", body: points.join("\n") });
  const found = { historian: { url: influx.url } };
  await writeFile(join(cwd, "sluicegate.yaml"), JSON.stringify({ ...site, ...found }));
  const told = await runCommand(args, { cwd });
  expect(told.stdout).toMatch(/\nWarm\t3\t/);
  expect(told.stderr).toContain("a database does not know when something was received");
  const span = ["--since", "2026-01-05T01:30:00Z", "--until", "2026-01-05T02:02:00Z"];
  const some = [...args, ...span, "-o", "json"];
  const json: unknown = JSON.parse((await runCommand(some, { cwd })).stdout);
  expect(json).toMatchObject({ episodes: 1, notes: [expect.any(String), expect.any(String)] });
}, 60_000);

it("a recording is heard under other rules and other numbers, and what changes is said", async () => {
  const cwd = await openFolder();
  await writeFile(join(cwd, "day.ndjson"), `${lines().join("\n")}\n{"not":"ours"}\n`);
  await writeFile(join(cwd, "warm.yaml"), rulesFile(-15));
  await writeFile(join(cwd, "warmer.yaml"), rulesFile(-8));
  const run = (...args: string[]) =>
    runCommand(["rules", "backtest", "warm.yaml", "--from-file", "day.ndjson", ...args], { cwd });

  const json: unknown = JSON.parse((await run("-o", "json", "--by", "device")).stdout);
  expect(json).toMatchObject({
    ...{ schema: "sluicegate.backtest/1", events: events.length, episodes: 3, instances: 1 },
    by: { "Warm d": { episodes: 3 } },
  });
  const swept = await run("--sweep", "Warm.threshold.above=-16..-4:4");
  expect(swept.stdout.split("\n").map((line) => line.split("\t").slice(0, 2))).toEqual([
    ["Warm.threshold.above", "EPISODES"],
    ["-16", "3"],
    ["-12", "3"],
    ["-8", "1"],
    ["-4", "0"],
    [""],
  ]);
  const against = await run("--against", "warmer.yaml");
  expect(against.stdout).toMatch(
    /^only here +Warm d 2026-01-05T00:15:00.000Z 25m\nonly here.*\n1 the same, 2 only here, 0 only in warmer.yaml, 0 moved\n$/,
  );
  expect(against.stderr).toContain("; 1 line of other things");
  const late = await run("--since", "2026-01-05T01:30:00Z", "--until", "2026-01-05T02:02:00Z");
  expect(late.stdout).toMatch(/\nWarm\t1\t/);
  for (const [args, words] of [
    [["--sweep", "Warm.threshold.above=x"], "write <alert>"],
    [["--against", "warmer.yaml", "--sweep", "Warm.for=1m..2m:1m"], "exclude each other"],
    [["--since", "yesterday"], "write 2h, 3d"],
    [["--from-stream"], "say what is heard"],
  ] as const) {
    const refused = await run(...args);
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toContain(words);
  }
}, 60_000);
