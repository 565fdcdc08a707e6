import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../src/core/event.ts";
import { Backtest } from "../../../src/rules/trial/backtest.ts";
import { compareEpisodes } from "../../../src/rules/trial/compare-episodes.ts";
import type { Episode } from "../../../src/rules/trial/episode-book.ts";
import { totalsBy, totalsOf } from "../../../src/rules/trial/episode-totals.ts";
import { parseSweep, withValue } from "../../../src/rules/trial/sweep.ts";
import { recorded } from "./recorded.ts";
import { trialRules, warm } from "./trials.ts";

const minute = 60_000;
const startMs = Date.parse("2026-01-05T00:00:00Z");

function episodesOf(rule: object, events: readonly StoredEvent[]): readonly Episode[] {
  const test = new Backtest(trialRules([rule]));
  for (const event of events) test.feed(event);
  return test.result().episodes;
}

function spans(episodes: readonly Episode[]): (readonly [number, number])[] {
  return episodes.map(({ endedMs = 0, firedMs }) => [
    (firedMs - startMs) / minute,
    (endedMs - startMs) / minute,
  ]);
}

describe("a backtest", () => {
  it("gives the episodes of what was recorded, and counts them", () => {
    const events = recorded("-18x5 -10x30 -18x20 -10x20 -18x20 -10x15");
    const episodes = episodesOf(warm, events);
    expect(
      episodes.map(({ alert, notices, severity, subject }) => [alert, subject, severity, notices]),
    ).toEqual([
      ["Warm", "d", "warning", 2],
      ["Warm", "d", "warning", 2],
      ["Warm", "d", "warning", 1],
    ]);
    expect(spans(episodes.slice(0, 2))).toEqual([
      [15, 40],
      [65, 80],
    ]);
    const totals = { episodes: 3, notices: 5, longestMs: 25 * minute, inAlarmMs: 45 * minute };
    const endMs = startMs + 110 * minute;
    expect(totalsOf(episodes, endMs)).toEqual(totals);
    expect([...totalsBy(episodes, "device", endMs)]).toEqual([["Warm d", totals]]);
  });

  it("tells of another rule set what it has alone, what it has not, and what it moves", () => {
    const events = recorded("-18x5 -10x30 -18x20 -10x12 -18x20 -5x4 -18x10 -10x20 -18x10");
    const here = episodesOf(warm, events);
    const there = episodesOf({ ...warm, for: "15m" }, events);
    const sooner = episodesOf({ ...warm, for: "3m" }, events);
    const compared = compareEpisodes(here, there);
    expect(spans(compared.onlyHere)).toEqual([[65, 72]]);
    expect(compared).toMatchObject({ same: 0, onlyThere: [] });
    expect(
      compared.moved.map(({ endsLaterMs, firesLaterMs }) => [firesLaterMs, endsLaterMs]),
    ).toEqual([
      [5 * minute, 0],
      [5 * minute, 0],
    ]);
    expect(spans(compareEpisodes(here, sooner).onlyThere)).toEqual([[90, 96]]);
    expect(compareEpisodes(here, here)).toMatchObject({ same: 3, moved: [] });
  });

  it("of a threshold alone is longer in alarm the lower the limit is", () => {
    const walk = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 20, maxLength: 120 });
    fc.assert(
      fc.property(walk, (steps) => {
        let value = 0;
        const values = steps.map((step) => {
          value += step;
          return value;
        });
        const events = recorded(values.join(" "));
        const endMs = startMs + values.length * minute;
        const inAlarm = [-4, -2, 0, 2, 4].map((above) => {
          const rule = {
            ...warm,
            condition: { threshold: { above } },
            for: "0s",
            keep_firing_for: "0s",
          };
          return totalsOf(episodesOf(rule, events), endMs).inAlarmMs;
        });
        expect(inAlarm).toEqual(inAlarm.toSorted((one, other) => other - one));
      }),
      { numRuns: 20 },
    );
  });
});

describe("a sweep", () => {
  const levels = [
    { severity: "warning", above: { attr: "warn", default: 80 } },
    { severity: "critical", above: 95 },
  ];
  const written = [
    {
      version: 1,
      groups: [
        { name: "g", rules: [{ ...warm }, { alert: "Hot", condition: { threshold: { levels } } }] },
      ],
    },
  ];

  it("puts each value in its place, in that rule alone", () => {
    const sweep = parseSweep("Hot.levels[1].above=90..100:2.5");
    if ("problem" in sweep) throw new Error(sweep.problem);
    expect(sweep.values).toEqual([90, 92.5, 95, 97.5, 100]);
    const found = withValue(written, sweep, 97.5);
    expect(found).toMatchObject({
      files: [
        {
          groups: [
            {
              rules: [
                { alert: "Hot", condition: { threshold: { levels: [{}, { above: 97.5 }] } } },
              ],
            },
          ],
        },
      ],
    });
    expect(parseSweep("g/Warm.for=5m..15m:5m")).toMatchObject({ values: ["5m", "10m", "15m"] });
    expect(levels[1]?.above).toBe(95);
  });

  it.each([
    ["Warm", "write <alert>.<field>"],
    ["Warm.threshold.above=1..0:1", "write the lower end first"],
    ["Warm.threshold.above=0..1000:1", "1001 values are too many"],
    ["Wram.threshold.above=0..1:1", "there is no rule Wram"],
    ["Warm.threshold.below=0..1:1", "Warm has no threshold.below"],
    ["Warm.for=0..1:1", 'Warm.for is "10m", no number'],
    ["Hot.levels[0].above=0..1:1", "write levels.0.above.default"],
  ])("%s is refused with what to write", (text, words) => {
    const sweep = parseSweep(text);
    const found = "problem" in sweep ? sweep : withValue(written, sweep, sweep.values[0] ?? 0);
    expect("problem" in found ? found.problem : "").toContain(words);
  });
});
