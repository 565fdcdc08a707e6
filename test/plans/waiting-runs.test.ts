import { expect, test } from "vitest";
import { toSiteId } from "../../src/core/ids.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { WaitingRuns } from "../../src/plans/waiting-runs.ts";
import { waitsFor } from "../../src/plans/waits-for.ts";
import { givenRun } from "./given-run.ts";

/** A run over some devices. */
function over(run: string, devices: readonly string[], atMs = 0): PlanRun {
  const steps = devices.map((device) => ({ command: "open", device }));
  return { ...givenRun({ name: "any", within: "10m", steps }, atMs), run, site: toSiteId("a") };
}

function queue() {
  const begun: string[] = [];
  const runs = new WaitingRuns(({ run }) => begun.push(run));
  return { begun, runs };
}

test("runs with a device in common go one after the other, in the order in which they came", () => {
  const { begun, runs } = queue();
  runs.open();
  runs.add(over("one", ["valve", "pump"]));
  runs.add(over("two", ["pump", "tank"]));
  runs.add(over("three", ["tank"]));
  runs.add(over("four", ["lamp"]));
  expect(begun).toEqual(["one", "four"]);
  runs.ended("four");
  runs.ended("one");
  expect(begun).toEqual(["one", "four", "two"]);
  expect(runs.size).toBe(1);
  runs.ended("two");
  expect(begun.at(-1)).toBe("three");
});

test("nothing begins before all that is under way is known", () => {
  const { begun, runs } = queue();
  runs.add(over("new", ["valve"]));
  runs.begun(over("old", ["valve"]));
  runs.open();
  expect(begun).toEqual([]);
  runs.ended("old");
  expect(begun).toEqual(["new"]);
});

test("so many are under way at once, and the next begins when one ends", () => {
  const { begun, runs } = queue();
  runs.open();
  for (let at = 0; at < 2_000; at += 1) runs.add(over(`run-${at}`, [`device-${at}`]));
  expect(begun).toHaveLength(500);
  runs.ended("run-7");
  expect(begun.at(-1)).toBe("run-500");
});

test("one that nobody needs any more is left out, and those behind it go on", () => {
  const { begun, runs } = queue();
  runs.open();
  runs.add(over("one", ["valve"]));
  runs.add(over("two", ["valve", "pump"]));
  runs.add(over("three", ["pump"]));
  expect(begun).toEqual(["one"]);
  runs.ended("two");
  expect(begun).toEqual(["one", "three"]);
});

test("a run whose time is over is taken up to be ended, whoever has its devices", () => {
  const { begun, runs } = queue();
  runs.open();
  runs.add(over("one", ["valve"]));
  runs.add(over("two", ["valve"]));
  runs.endOverdue(599_999);
  expect(begun).toEqual(["one"]);
  runs.endOverdue(600_000);
  expect(begun).toEqual(["one", "two"]);
});

test("thousands whose time is over are ended some at a time, whatever else is under way", () => {
  const { begun, runs } = queue();
  runs.open();
  for (let at = 0; at < 3_000; at += 1) runs.add(over(`run-${at}`, [`device-${at}`]));
  expect(begun).toHaveLength(500);
  runs.endOverdue(600_000);
  expect(begun).toHaveLength(1_000);
  for (const run of begun.slice(500)) runs.ended(run);
  runs.endOverdue(600_000);
  expect(begun).toHaveLength(1_500);
});

test("what a run waits for is told in words", () => {
  const waits = over("two", ["pump", "valve"], 5);
  const going = { ...over("one", ["valve"]), state: "running" } as const;
  expect(waitsFor(waits, [going, waits])).toBe("waits for one, which has valve of gw1");
  expect(waitsFor(waits, [{ ...going, state: "stuck" }, over("three", ["pump"], 6)])).toBe(
    undefined,
  );
  expect(waitsFor(waits, [over("earlier", ["pump"], 4)])).toContain("waits for earlier");
  expect(waitsFor({ ...waits, state: "running" }, [going])).toBe(undefined);
});

test("a run that finds no room among those that wait is told, and has none of their places", () => {
  const { begun, runs } = queue();
  const run = over("0", ["valve"]);
  for (let at = 0; at < 100_000; at += 1) expect(runs.add({ ...run, run: String(at) })).toBe(true);
  expect(runs.add({ ...run, run: "beyond" })).toBe(false);
  expect(runs.add({ ...run, run: "7" })).toBe(true);
  expect(runs.size).toBe(100_000);
  runs.open();
  runs.ended("0");
  expect(begun).toEqual(["0", "1"]);
});
