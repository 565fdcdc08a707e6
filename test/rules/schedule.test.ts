import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { openAlarm } from "../../src/rules/alarms/scheduled-alarm.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { buildRuleSet } from "../../src/rules/rule-set.ts";
import {
  at,
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  startMs,
} from "./gateway-script.ts";

/** Scripts begin at 12:00 of a Saturday. */
const schedule = { weekdays: ["mon..sun"], hours: ["14:00-16:00"] };
const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 8, deadband: 2 } },
  for: "10m",
  severity: "warning",
  schedule,
};
const absent = { ...warm, alert: "Silent", condition: { absent: { longer_than: "30m" } } };
const expr = {
  ...warm,
  alert: "Both",
  select: {},
  condition: { expr: { fire: "m.temperature > 8.0", clear: "m.temperature < 6.0" } },
};

/** `firing for_elapsed 14:10 since 14:00`. */
function judged(rule: object, { events }: { readonly events: readonly StoredEvent[] }): string[] {
  const set = ruleSet(rule);
  const drafts = run(set, events).filter(({ rule }) => rule.startsWith("g/"));
  expect(runWithRestarts(set, events).filter(({ rule }) => rule.startsWith("g/"))).toEqual(drafts);
  return drafts.map(({ state, reason, at, started_at }) => {
    const [when, since] = [at, started_at].map((text) => text.slice(11, 19).replace(/:00$/, ""));
    return `${state} ${reason} ${when} since ${since}`;
  });
}

/** Watermarks every minute up to `toMs`, with a sample in each that `valueAt` has one for. */
function minutely(
  toMs: number,
  valueAt: (t: number) => number | undefined,
  script = new GatewayScript().device("d", { intervalMs: minutes }),
): GatewayScript {
  for (let t = 0; t <= toMs; t += minutes) {
    const value = valueAt(t);
    if (value !== undefined) script.sample("d", t, value);
    script.watermark(t);
  }
  return script;
}

describe("a rule with a schedule", () => {
  it.each([
    ["a threshold", warm],
    ["an expression", expr],
  ])("begins its breach where the times begin, while a value already is beyond: %s", (_, rule) => {
    const events = minutely(5 * hours, () => 9);
    expect(judged(rule, events)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
  });

  it("does so at that very moment, without a sample, for a value that holds until it changes", () => {
    const script = new GatewayScript().device("d", { intervalMs: null });
    script
      .sample("d", 1, 9)
      .watermark(minutes)
      .watermark(14.5 * hours - 12 * hours);
    script.watermark(28 * hours).watermark(29 * hours);
    expect(judged(warm, script)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
  });

  it("counts the time inside only", () => {
    const late = { ...warm, for: "90m", schedule: { hours: ["14:00-15:00", "18:00-20:00"] } };
    const events = minutely(9 * hours, () => 9);
    expect(judged(late, events)).toEqual([
      "firing for_elapsed 19:30 since 18:00",
      "ended schedule 20:00 since 18:00",
    ]);
  });

  it("counts samples inside only", () => {
    const { for: _, ...counted } = { ...warm, for_samples: 5 };
    expect(
      judged(
        counted,
        minutely(2 * hours + 10 * minutes, () => 9),
      ),
    ).toEqual(["firing for_elapsed 14:04 since 14:00"]);
  });

  it("does not fire by what is over at the moment where the times end", () => {
    const events = minutely(5 * hours, (t) => (t < 4 * hours - 10 * minutes ? 5 : 9));
    expect(judged(warm, events)).toEqual([]);
  });

  it("keeps nothing firing behind the end", () => {
    const kept = { ...warm, keep_firing_for: "1h" };
    const events = minutely(6 * hours, (t) => (t < 4 * hours - 20 * minutes ? 9 : 5));
    expect(judged(kept, events)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
  });

  it("finds silence that began before, from where its times begin", () => {
    const events = minutely(5 * hours, (t) => (t < hours || t > 4.5 * hours ? 5 : undefined));
    expect(judged(absent, events)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
  });

  it("ends what fires also where the device says nothing any more", () => {
    const events = minutely(5 * hours, (t) => (t <= 3 * hours ? 9 : undefined));
    expect(judged(warm, events)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "firing stale 15:03 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
    const ends = { ...warm, on_missing: "resolve" };
    expect(judged(ends, events).at(-1)).toBe("ended no_data 15:03 since 14:00");
    const fires = { ...warm, on_missing: "fire" };
    expect(judged(fires, events).at(-1)).toBe("ended schedule 16:00 since 14:00");
  });

  it("judges an upload by when its samples were taken", () => {
    const script = new GatewayScript().device("d", { intervalMs: minutes });
    script.sample("d", 0, 5).watermark(0);
    // A first backlog tells how late the device is.
    for (let t = minutes; t < hours; t += minutes) script.sample("d", t, 5, { receivedMs: hours });
    script.watermark(hours);
    for (let hour = 2; hour <= 8; hour += 1) {
      for (let t = (hour - 1) * hours; t < hour * hours; t += minutes)
        script.sample("d", t, 9, { receivedMs: hour * hours });
      script.watermark(hour * hours);
    }
    expect(judged(warm, script)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
  });

  it("goes by the wall of its zone when clocks are put back", () => {
    const night = {
      ...warm,
      for: "0s",
      schedule: { hours: ["02:00-03:00"], zone: "Europe/Berlin" },
    };
    // 2027-03-28: from 01:00 UTC on it is 03:00, so that the hour never comes; 2027-10-31 it comes twice.
    const day = 24 * hours;
    const of = (fromDays: number): GatewayScript => {
      const script = new GatewayScript().device("d", { intervalMs: null });
      script.sample("d", fromDays * day, 9);
      return script.watermark(fromDays * day).watermark((fromDays + 1) * day);
    };
    expect(judged(night, of(126))).toEqual([]);
    expect(judged(night, of(343))).toEqual([
      "firing for_elapsed 00:00 since 00:00",
      "ended schedule 02:00 since 00:00",
    ]);
  });

  it("takes the zone of its group where it names none, and is another revision by other times", () => {
    const revisionOf = (zone: string, times: object): string | undefined => {
      const rules = [{ ...warm, schedule: times }];
      const parsed = parseRules({ version: 1, groups: [{ name: "g", zone, rules }] });
      const built = buildRuleSet(parsed.ok ? [parsed.value] : []);
      return built.ok ? built.value.rules[0]?.rev : undefined;
    };
    const hours = { hours: ["14:00-16:00"] };
    const inBerlin = revisionOf("Europe/Berlin", hours);
    expect(inBerlin).toBe(revisionOf("UTC", { ...hours, zone: "Europe/Berlin" }));
    expect(inBerlin).not.toBe(revisionOf("UTC", hours));
  });

  it("goes on over an edit of its times, and ends where they say that it is over", () => {
    const events = minutely(3 * hours, () => 9).events;
    const before = createRuleEngine(ruleSet({ ...warm, schedule: { hours: ["12:00-18:00"] } }));
    expect(run(ruleSet(warm), events, before).map(({ state }) => state)).toEqual(["firing"]);
    const goesOn = createRuleEngine(ruleSet(warm), before.snapshot());
    expect([...goesOn.open()]).toHaveLength(1);
    const over = { ...warm, schedule: { hours: ["12:00-14:00"] } };
    const closed = createRuleEngine(ruleSet(over), before.snapshot());
    const after = new GatewayScript().watermark(3 * hours + minutes).events;
    expect(run(ruleSet(over), after, closed)).toMatchObject([
      { reason: "schedule", at: at(3 * hours) },
    ]);
    const always = createRuleEngine(ruleSet({ ...warm, schedule: undefined }), before.snapshot());
    expect([...always.open()]).toHaveLength(1);
  });

  it("looks at the times of a month at most where a clock goes ahead by centuries", () => {
    const script = new GatewayScript().device("d", { intervalMs: null });
    script
      .sample("d", 1, 9)
      .watermark(minutes)
      .watermark(300 * 365 * 24 * hours);
    const said = judged(warm, script);
    expect(said.slice(0, 2)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
    expect(said).toHaveLength(62);
  });

  it("says whether its times are now, and when they change", () => {
    const engine = createRuleEngine(ruleSet(warm));
    run(ruleSet(warm), minutely(hours, () => 9).events, engine);
    expect(engine.explain("Warm", "d")).toMatchObject([
      {
        state: "ok",
        facts: expect.arrayContaining([`it is outside of its schedule until ${at(2 * hours)}`]),
      },
    ]);
    const later = createRuleEngine(ruleSet(warm));
    run(ruleSet(warm), minutely(3 * hours, () => 9).events, later);
    expect(later.explain("Warm", "d")).toMatchObject([
      {
        state: "firing",
        facts: expect.arrayContaining([expect.stringContaining("at the latest")]),
      },
    ]);
  });

  it("goes on by the time of receipt where a device's clock is set back", () => {
    const script = minutely(2.5 * hours, () => 9);
    for (let t = 2.5 * hours; t <= 5 * hours; t += minutes)
      script.sample("d", t - 2 * hours, 9, { receivedMs: t }).watermark(t);
    expect(judged(warm, script)).toEqual([
      "firing for_elapsed 14:10 since 14:00",
      "ended schedule 16:00 since 14:00",
    ]);
  });

  it.each([
    [{}, "says no time"],
    [{ hours: ["8-18"] }, "08:00-18:00"],
    [[], "must"],
  ])("is refused where it says nothing: %j", (times, word) => {
    const rules = [{ ...warm, schedule: times }];
    const parsed = parseRules({ version: 1, groups: [{ name: "g", rules }] });
    expect(parsed.ok || JSON.stringify(parsed.faults)).toContain(word);
  });
});

it("an alarm that was pending when it was given a schedule fires no more where nothing holds outside of its times", () => {
  const times = ruleSet(warm).rules[0]?.times;
  const told: string[] = [];
  const pending = { at: startMs, level: -1, breach: 0, timers: [0], started: startMs };
  const delays = { forMs: [10 * minutes], keepMs: 0 };
  const alarm = openAlarm(times, delays, { report: (change) => told.push(change) }, pending);
  alarm.turn(-1);
  alarm.run(startMs + hours);
  expect(told).toEqual([]);
});
