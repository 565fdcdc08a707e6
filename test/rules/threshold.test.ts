import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import {
  at,
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  told,
} from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: -15, deadband: 2 } },
  severity: "warning",
};
const motor = {
  alert: "Hot",
  select: { metric: "temperature" },
  condition: {
    threshold: {
      levels: [
        { severity: "warning", above: 80, deadband: 4 },
        { severity: "critical", above: 95, deadband: 4, for: "20s" },
      ],
    },
  },
  for: "2m",
  keep_firing_for: "1m",
};

/** Transitions of `f1` with a sample every 10 s, each value in turn. */
function play(rule: object, values: readonly (number | boolean | string)[]): string[] {
  const script = new GatewayScript().device("f1");
  for (const [index, value] of values.entries())
    script.sample("f1", index * 10 * s, value).watermark(index * 10 * s);
  const rules = ruleSet(rule);
  const drafts = run(rules, script.events);
  expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  return told(drafts);
}

describe("threshold", () => {
  it.each([
    ["above", { above: 5 }, [5, 6, 5], "10", "20"],
    ["below", { below: 5 }, [5, 4, 5], "10", "20"],
    ["outside", { outside: [2, 5] }, [5, 6, 2], "10", "20"],
    ["inside", { inside: [2, 5] }, [6, 5, 1], "10", "20"],
    ["equals a truth", { equals: true }, [false, true, false], "10", "20"],
    ["equals a text", { equals: "open" }, ["shut", "open", "shut"], "10", "20"],
    ["not_equals", { not_equals: 5 }, [5, 6, 5], "10", "20"],
    ["above with deadband", { above: 5, deadband: 1 }, [5, 6, 4.5, 4], "10", "30"],
    ["below with deadband", { below: 5, deadband: 1 }, [5, 4, 5.5, 6], "10", "30"],
    ["outside with deadband", { outside: [0, 10], deadband: 1 }, [5, 11, 9.5, 9], "10", "30"],
    ["inside with deadband", { inside: [2, 5], deadband: 1 }, [9, 5, 5.5, 6], "10", "30"],
  ])("fires and ends: %s", (_, threshold, values, fired, ended) => {
    expect(play({ ...warm, condition: { threshold } }, values)).toEqual([
      `firing for_elapsed warning 12:00:${fired}`,
      `ended normal warning 12:00:${ended}`,
    ]);
  });

  it("counts the deadband as breach while pending too", () => {
    const rule = { ...warm, for: "20s" };
    expect(play(rule, [-20, -14, -16, -16])).toEqual(["firing for_elapsed warning 12:00:30"]);
    expect(play(rule, [-20, -14, -17, -14, -16])).toEqual([]);
  });

  it("fires when the breach lasted exactly as long as it must", () => {
    expect(play({ ...warm, for: "20s" }, [-10, -10, -20])).toEqual([
      "firing for_elapsed warning 12:00:20",
      "ended normal warning 12:00:20",
    ]);
    expect(play({ ...warm, for: "21s" }, [-10, -10, -20])).toEqual([]);
  });

  it("computes times that lie between two samples", () => {
    const script = new GatewayScript().device("f1").steady("f1", 0, 60 * s, 10 * s, -10);
    const [fired] = run(ruleSet({ ...warm, for: "25s" }), script.events);
    expect(fired).toMatchObject({
      started_at: at(0),
      fired_at: at(25 * s),
      value: -10,
      limit: -15,
    });
  });

  it("stays in the same episode when it breaches again within keep_firing_for", () => {
    expect(
      play({ ...warm, keep_firing_for: "30s" }, [-10, -20, -20, -10, -20, -20, -20, -20]),
    ).toEqual(["firing for_elapsed warning 12:00:00", "ended normal warning 12:01:10"]);
  });

  it("takes limits from the device's attributes, and the default where there is none", () => {
    const rule = {
      ...warm,
      condition: { threshold: { above: { attr: "limits.high", default: 60 } } },
    };
    const script = new GatewayScript()
      .device("f1", { attrs: { "limits.high": 80 } })
      .device("f2")
      .sample("f1", 0, 70)
      .sample("f2", 0, 70)
      .watermark(s);
    const drafts = run(ruleSet(rule), script.events);
    expect(drafts.map(({ labels, limit }) => [labels["device"], limit])).toEqual([["f2", 60]]);
  });

  it("judges the value that holds by a limit that the device's record changes", () => {
    const rule = {
      ...warm,
      condition: { threshold: { above: { attr: "limits.high", default: 60 } } },
    };
    const script = new GatewayScript()
      .device("f1")
      .steady("f1", 0, 20 * s, 10 * s, 70)
      .device("f1", { attrs: { "limits.high": 80 } }, 21 * s)
      .watermark(22 * s);
    expect(told(run(ruleSet(rule), script.events))).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended normal warning 12:00:20",
    ]);
  });
});

describe("levels", () => {
  it("escalates after the level's own for, and comes down one by one", () => {
    const values = [
      ...Array(13).fill(85), // 0 to 120
      ...Array(3).fill(99), // 130 to 150
      ...Array(7).fill(85), // 160 to 220
      ...Array(8).fill(70), // 230 to 300
    ];
    expect(play(motor, values)).toEqual([
      "firing for_elapsed warning 12:02:00",
      "firing level critical 12:02:30",
      "firing level warning 12:03:40",
      "ended normal warning 12:04:50",
    ]);
  });

  it("fires at once as critical when that level's for is over first", () => {
    expect(play(motor, [99, 99, 99])).toEqual(["firing for_elapsed critical 12:00:20"]);
  });

  it("fires as warning first when the more severe level must last longer", () => {
    const levels = [
      { severity: "warning", above: 80, for: "10s" },
      { severity: "critical", above: 95, for: "30s" },
    ];
    const rule = { ...motor, for: undefined, condition: { threshold: { levels } } };
    expect(play(rule, [99, 99, 99, 99, 99])).toEqual([
      "firing for_elapsed warning 12:00:10",
      "firing level critical 12:00:30",
    ]);
  });

  it("does not fire again on the way down through a milder level whose for was never over", () => {
    const values = [99, 99, 99, 85, 85, 85, 85, 85, 85, 85, 85];
    expect(play(motor, values)).toEqual([
      "firing for_elapsed critical 12:00:20",
      "firing level warning 12:01:30",
    ]);
  });

  it("ends without a stop at the milder level when the value falls through both", () => {
    expect(play(motor, [99, 99, 99, ...Array(8).fill(20)])).toEqual([
      "firing for_elapsed critical 12:00:20",
      "ended normal critical 12:01:30",
    ]);
  });

  it("keeps the time of the first firing through changes of level", () => {
    const script = new GatewayScript().device("f1");
    script.steady("f1", 0, 120 * s, 10 * s, 85).steady("f1", 130 * s, 160 * s, 10 * s, 99);
    const drafts = run(ruleSet(motor), script.events);
    expect(drafts.map(({ n, fired_at }) => [n, fired_at])).toEqual([
      [1, at(2 * minutes)],
      [2, at(2 * minutes)],
    ]);
  });
});

describe("a value that is not known", () => {
  it("holds the last value for three intervals, and not for ever", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, -10);
    for (let t = 0; t <= 5 * minutes; t += s) script.watermark(t);
    expect(told(run(ruleSet({ ...warm, for: "30s" }), script.events))).toEqual([
      "firing for_elapsed warning 12:00:30",
      "firing stale warning 12:00:30",
    ]);
    expect(run(ruleSet({ ...warm, for: "31s" }), script.events)).toEqual([]);
  });

  it("freezes for while it lasts", () => {
    const rules = ruleSet({ ...warm, for: "1m" });
    const script = new GatewayScript()
      .device("f1")
      .steady("f1", 0, 20 * s, 10 * s, -10)
      .steady("f1", 100 * s, 200 * s, 10 * s, -10);
    expect(told(run(rules, script.events))).toEqual(["firing for_elapsed warning 12:01:50"]);
  });

  it("costs one sample interval, not the whole for, when one sample is bad", () => {
    const rules = ruleSet({ ...warm, for: "1m" });
    const script = new GatewayScript()
      .device("f1")
      .steady("f1", 0, 20 * s, 10 * s, -10)
      .sample("f1", 30 * s, 99, { quality: "bad" })
      .steady("f1", 40 * s, 120 * s, 10 * s, -10);
    expect(told(run(rules, script.events))).toEqual(["firing for_elapsed warning 12:01:10"]);
  });

  it("counts samples of other quality when the rule says so", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, -10, { quality: "uncertain" })
      .watermark(s);
    expect(run(ruleSet(warm), script.events)).toEqual([]);
    const tolerant = ruleSet({ ...warm, quality: ["good", "uncertain"] });
    expect(run(tolerant, script.events)).toHaveLength(1);
  });

  it("is not a crossing when the value is of another type", () => {
    expect(play(warm, ["error", -20, "error", -20])).toEqual([]);
    expect(play(warm, [-10, "error", "error"])).toEqual(["firing for_elapsed warning 12:00:00"]);
  });

  it("lets a pending alert forget its breach after ten minutes", () => {
    const rules = ruleSet({ ...warm, for: "1m" });
    const back = (afterMs: number) =>
      new GatewayScript()
        .device("f1")
        .steady("f1", 0, 20 * s, 10 * s, -10)
        .steady("f1", afterMs, afterMs + 60 * s, 10 * s, -10);
    // Known until 50 s: 50 s to 640 s are 590 s of unknown, 50 s to 660 s are 610 s.
    expect(run(rules, back(640 * s).events)[0]).toMatchObject({ started_at: at(0) });
    expect(run(rules, back(660 * s).events)[0]).toMatchObject({ started_at: at(660 * s) });
  });

  it("lets it forget before a value is missed, wherever watermarks stand", () => {
    const rules = ruleSet({ ...warm, for: "15m", hold: "1h", on_missing: "fire" });
    for (const between of [[], [20 * minutes], [70 * minutes]]) {
      const script = new GatewayScript().device("f1").sample("f1", 0, -10);
      script.sample("f1", minutes, -10, { quality: "bad" });
      for (const t of [minutes, ...between, 2 * hours]) script.watermark(t);
      const drafts = run(rules, script.events);
      expect(runWithRestarts(rules, script.events)).toEqual(drafts);
      expect(told(drafts)).toEqual(["firing no_data warning 13:15:00"]);
      expect(drafts[0]).toMatchObject({ started_at: at(hours) });
    }
  });

  it("keeps firing, flagged stale, and is fresh again with the next sample", () => {
    const rules = ruleSet(warm);
    const script = new GatewayScript().device("f1").sample("f1", 0, -10);
    for (let t = 0; t <= 2 * minutes; t += s) script.watermark(t);
    script.sample("f1", 3 * minutes, -10).watermark(3 * minutes);
    const drafts = run(rules, script.events);
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
    expect(told(drafts)).toEqual([
      "firing for_elapsed warning 12:00:00",
      "firing stale warning 12:00:30",
      "firing fresh warning 12:03:00",
    ]);
    expect(drafts.map(({ stale, n }) => [stale, n])).toEqual([
      [false, 1],
      [true, 2],
      [false, 3],
    ]);
  });

  it("stores once per episode that it grew stale and came back, and tells nobody", () => {
    const script = new GatewayScript().device("f1");
    for (let upload = 0; upload < 4; upload += 1)
      script.sample("f1", upload * 5 * minutes, -10).watermark(upload * 5 * minutes + 4 * minutes);
    script.sample("f1", 20 * minutes, -20).watermark(20 * minutes);
    const drafts = run(ruleSet(warm), script.events);
    expect(runWithRestarts(ruleSet(warm), script.events)).toEqual(drafts);
    expect(drafts.map(({ reason, quiet }) => [reason, quiet])).toEqual([
      ["for_elapsed", undefined],
      ["stale", true],
      ["fresh", true],
      ["normal", undefined],
    ]);
  });

  it("is news where on_missing says that missing counts", () => {
    const rule = { ...warm, on_missing: "fire" };
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, -10)
      .watermark(2 * minutes)
      .sample("f1", 3 * minutes, -10)
      .watermark(3 * minutes);
    expect(run(ruleSet(rule), script.events).map(({ reason, quiet }) => [reason, quiet])).toEqual([
      ["for_elapsed", undefined],
      ["stale", undefined],
      ["fresh", undefined],
    ]);
  });

  it("ends without a word about freshness when the next sample is normal", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, -10)
      .watermark(2 * minutes);
    script.sample("f1", 3 * minutes, -20).watermark(3 * minutes);
    expect(told(run(ruleSet(warm), script.events)).at(-1)).toBe("ended normal warning 12:03:00");
  });

  it("ends the alert where on_missing says resolve", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, -10)
      .watermark(2 * minutes);
    expect(told(run(ruleSet({ ...warm, on_missing: "resolve" }), script.events))).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended no_data warning 12:00:30",
    ]);
  });

  it("fires where on_missing says fire, for a device that never spoke too", () => {
    const rules = ruleSet({ ...warm, on_missing: "fire", for: "1m" });
    const script = new GatewayScript()
      .device("f1")
      .device("f2")
      .sample("f1", 20 * s, -20);
    for (let t = 0; t <= 3 * minutes; t += s) script.watermark(t);
    script.sample("f1", 4 * minutes, -20).watermark(4 * minutes);
    const drafts = run(rules, script.events);
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
    expect(told(drafts.filter(({ labels }) => labels["device"] === "f1"))).toEqual([
      "firing no_data warning 12:01:50",
      "ended normal warning 12:04:00",
    ]);
    expect(told(drafts.filter(({ labels }) => labels["device"] === "f2"))).toEqual([
      "firing no_data warning 12:01:30",
    ]);
  });
});

describe("a device's line of event time", () => {
  const rules = ruleSet({ ...warm, for: "2m" });

  it("gives true times to a logger that uploads two hours at once", () => {
    const script = new GatewayScript().device("f1");
    for (let upload = 2; upload <= 6; upload += 2) {
      for (let t = (upload - 2) * hours; t < upload * hours; t += minutes) {
        const isBreach = t >= (upload - 1) * hours && t < (upload - 1) * hours + 10 * minutes;
        script.sample("f1", t, isBreach ? -10 : -20, { receivedMs: upload * hours });
      }
      for (let t = upload * hours; t < (upload + 2) * hours; t += 5 * minutes) script.watermark(t);
    }
    const minutely = ruleSet({ ...warm, for: "2m", hold: "3m" });
    expect(told(run(minutely, script.events))).toEqual(
      [1, 3, 5].flatMap((hour) => [
        `firing for_elapsed warning 1${2 + hour}:02:00`,
        `ended normal warning 1${2 + hour}:10:00`,
      ]),
    );
  });

  it("waits for a slow clock instead of passing it by", () => {
    const script = new GatewayScript().device("f1");
    for (let t = 0; t <= 5 * minutes; t += 10 * s)
      script
        .sample("f1", t, t < 3 * minutes ? -10 : -20, { receivedMs: t + 3 * s })
        .watermark(t + 4 * s);
    expect(told(run(rules, script.events))).toEqual([
      "firing for_elapsed warning 12:02:00",
      "ended normal warning 12:03:00",
    ]);
  });

  it("judges a late sample where the line stands, and loses no breach", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, -20)
      .watermark(15 * s)
      .sample("f1", 10 * s, -10, { receivedMs: 20 * s })
      .watermark(21 * s);
    expect(run(ruleSet(warm), script.events)[0]).toMatchObject({ started_at: at(15 * s) });
  });

  it("judges a late sample behind a bad one where the line stands, too", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, -20, { quality: "bad" })
      .watermark(15 * s)
      .sample("f1", 10 * s, -10, { receivedMs: 20 * s })
      .watermark(21 * s);
    expect(run(ruleSet(warm), script.events)[0]).toMatchObject({ started_at: at(15 * s) });
  });

  it("passes over and counts what is older than the newest sample of its metric", () => {
    const engine = createRuleEngine(ruleSet(warm));
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 10 * s, -20)
      .watermark(10 * s)
      .sample("f1", 5 * s, -10)
      .sample("f1", 6 * s, -10)
      .sample("f1", 10 * s, 1, { metric: "humidity" })
      .watermark(12 * s)
      .sample("f1", 13 * s, -20)
      .watermark(13 * s);
    expect(run(ruleSet(warm), script.events, engine)).toEqual([]);
    expect(engine.counts.outOfOrder).toBe(2);
  });

  it("takes the last of two samples of the same millisecond for the value", () => {
    const play = (...values: readonly number[]) => {
      const script = new GatewayScript().device("f1").sample("f1", 0, -20).watermark(s);
      for (const value of values) script.sample("f1", 10 * s, value);
      script.watermark(11 * s);
      const drafts = run(ruleSet({ ...warm, for: "1s" }), script.events);
      expect(runWithRestarts(ruleSet({ ...warm, for: "1s" }), script.events)).toEqual(drafts);
      return told(drafts);
    };
    expect(play(-20, -10)).toEqual(["firing for_elapsed warning 12:00:11"]);
    expect(play(-10, -20)).toEqual([]);
    expect(play(-10, -20, -10)).toEqual(["firing for_elapsed warning 12:00:11"]);
  });

  it("takes the last of equal times when they come with different watermarks, too", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 10 * s, -20)
      .watermark(10 * s);
    script.sample("f1", 10 * s, -10, { receivedMs: 10_400 }).watermark(11 * s);
    expect(told(run(ruleSet(warm), script.events))).toEqual([
      "firing for_elapsed warning 12:00:10",
    ]);
  });

  it("sees every breach of a device that reports twice a second by whole seconds", () => {
    const script = new GatewayScript().device("f1");
    for (let n = 0; n < 40; n += 1) {
      const receivedMs = n * 500 + 100;
      script.sample("f1", Math.floor(receivedMs / s) * s, n % 2 ? -10 : -20, { receivedMs });
      if (n % 4 === 3) script.watermark(receivedMs + 50);
    }
    const drafts = run(ruleSet(warm), script.events);
    expect(runWithRestarts(ruleSet(warm), script.events)).toEqual(drafts);
    expect(drafts.filter(({ state }) => state === "firing").length).toBeGreaterThanOrEqual(10);
  });

  it("sorts what comes between two watermarks by its time", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 20 * s, -20, { receivedMs: 21 * s })
      .sample("f1", 10 * s, -10, { receivedMs: 22 * s })
      .watermark(23 * s);
    expect(told(run(ruleSet(warm), script.events))).toEqual([
      "firing for_elapsed warning 12:00:10",
      "ended normal warning 12:00:20",
    ]);
  });

  it("does nothing before a watermark", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, -10);
    expect(run(ruleSet(warm), script.events)).toEqual([]);
  });

  const short = ruleSet({ ...warm, for: "20s" });
  /** Delivers at `atMs`, at once, what was measured every minute of the hour before. */
  const uploadAt = (script: GatewayScript, atMs: number): GatewayScript => {
    for (let t = atMs - hours; t <= atMs; t += minutes)
      script.sample("f1", t, -20, { receivedMs: atMs });
    return script.watermark(atMs);
  };

  it("remembers a lag that a backlog showed for a day of gateway time", () => {
    const script = uploadAt(new GatewayScript().device("f1"), hours);
    script.sample("f1", 2 * hours, -10).watermark(2 * hours + 25 * s);
    expect(run(short, script.events)).toEqual([]);
    script.sample("f1", 3 * hours, -20).watermark(3 * hours);
    for (let n = 4; n <= 26; n += 1) script.sample("f1", n * hours, -20).watermark(n * hours);
    script.sample("f1", 27 * hours, -10).watermark(27 * hours + 25 * s);
    expect(told(run(short, script.events)).at(-1)).toBe("firing for_elapsed warning 15:00:20");
  });

  it("does not forget the last lag it knows of a device that is silent for days", () => {
    const patient = ruleSet({ ...warm, hold: "60h" });
    const script = uploadAt(new GatewayScript().device("f1"), hours);
    for (let t = hours; t <= 50 * hours; t += 10 * minutes) script.watermark(t);
    const receivedMs = 50 * hours + 30 * minutes;
    script.sample("f1", receivedMs - hours, -10, { receivedMs }).watermark(receivedMs);
    expect(run(patient, script.events)[0]).toMatchObject({ started_at: at(receivedMs - hours) });
  });

  it("does not wait for a day because one message came late by itself", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 11 * hours, -20, { receivedMs: 12 * hours })
      .watermark(12 * hours)
      .sample("f1", 12 * hours + 10 * minutes, -10)
      .watermark(12 * hours + 10 * minutes)
      .watermark(12 * hours + 10 * minutes + 25 * s);
    const drafts = run(short, script.events);
    expect(runWithRestarts(short, script.events)).toEqual(drafts);
    expect(drafts.map(({ at: moment }) => moment)).toEqual([
      at(12 * hours + 10 * minutes + 20 * s),
    ]);
  });

  it("waits for what came late by itself twice within a day", () => {
    const script = new GatewayScript().device("f1");
    for (const hour of [12, 14])
      script
        .sample("f1", (hour - 1) * hours, -20, { receivedMs: hour * hours })
        .watermark(hour * hours)
        .sample("f1", hour * hours + 10 * minutes, hour === 14 ? -10 : -20)
        .watermark(hour * hours + 11 * minutes);
    expect(run(short, script.events)).toEqual([]);
    script.watermark(15 * hours + 11 * minutes);
    expect(told(run(short, script.events))).toHaveLength(2);
  });
});
