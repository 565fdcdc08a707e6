import { describe, expect, test } from "vitest";
import type { Gap } from "../../src/core/event.ts";
import { toRunId, toSeq } from "../../src/core/ids.ts";
import { SeenRecords } from "../../src/stream/seen-records.ts";

const at = (run: string, seq: number) => ({ run: toRunId(run), seq: toSeq(seq) });

function seen(...records: readonly [run: string, seq: number][]): SeenRecords {
  const all = new SeenRecords();
  for (const [run, seq] of records) all.add(at(run, seq));
  return all;
}

function gap(run: string, from: number, to: number): Gap {
  const count = to - from + 1;
  const range = { run: toRunId(run), from: toSeq(from), to: toSeq(to), count };
  return { ranges: [{ ...range, class: "telemetry", reason: "dropped-full" }] };
}

const openHoles = (records: SeenRecords): string[] =>
  records.state().holes.map(({ from, to }) => `${from}-${to}`);

describe("seen records", () => {
  test("know a repeat by its run and seq together", () => {
    const records = seen(["a", 1], ["a", 2], ["b", 3]);

    expect(records.has(at("a", 2))).toBe(true);
    expect(records.has(at("a", 3))).toBe(false);
    expect(records.has(at("b", 2))).toBe(true);
    expect(records.has(at("c", 1))).toBe(false);
  });

  test("see a hole within a run and over a change of runs", () => {
    expect(openHoles(seen(["a", 1], ["a", 4], ["b", 7]))).toEqual(["2-3", "5-6"]);
  });

  test("see no hole where records are known to be gone", () => {
    const records = seen(["a", 1]);
    records.add(at("a", 9), true);
    expect(openHoles(records)).toEqual([]);
    expect(records.newest).toEqual(at("a", 9));
  });

  test("see no hole where a gateway begins its log anew", () => {
    expect(openHoles(seen(["a", 50], ["b", 1], ["b", 2]))).toEqual([]);
  });

  test("close what a gap event covers and keep the rest open", () => {
    const records = seen(["a", 1], ["a", 10]);
    records.explain(gap("a", 4, 6));
    expect(openHoles(records)).toEqual(["2-3", "7-9"]);
    records.explain(gap("a", 1, 20));
    expect(openHoles(records)).toEqual([]);
  });

  test("let a gap event of a run that was lost whole close a hole", () => {
    const records = seen(["a", 1], ["c", 10]);
    records.explain(gap("b", 2, 9));
    expect(openHoles(records)).toEqual([]);
  });

  test("are not closed by a gap event of another run that was read", () => {
    const records = seen(["z", 90], ["a", 1], ["a", 4]);
    records.explain(gap("z", 2, 3));
    expect(openHoles(records)).toEqual(["2-3"]);
  });

  test("give up all holes once caught up, and before that only the oldest above a bound", () => {
    const records = new SeenRecords();
    for (let seq = 1; seq <= 401; seq += 2) records.add(at("a", seq));
    expect(records.giveUpHoles(false)).toHaveLength(72);
    expect(records.giveUpHoles(false)).toHaveLength(0);
    expect(records.giveUpHoles(true)).toHaveLength(128);
  });

  test("go on from their state as if nothing had been", () => {
    const records = seen(["a", 1], ["a", 4], ["b", 5]);
    const restored = new SeenRecords(JSON.parse(JSON.stringify(records.state())));
    restored.add(at("b", 8));
    records.add(at("b", 8));
    expect(restored.state()).toEqual(records.state());
  });

  test("forget the oldest runs above a bound", () => {
    const records = new SeenRecords();
    for (let run = 1; run <= 100; run += 1) records.add(at(`run${run}`, run));
    expect(records.state().runs).toHaveLength(64);
    expect(records.has(at("run100", 100))).toBe(true);
    expect(records.has(at("run1", 1))).toBe(false);
  });
});
