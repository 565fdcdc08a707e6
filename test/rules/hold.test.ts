import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import {
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  told,
} from "./gateway-script.ts";

const open = {
  alert: "DoorOpen",
  select: { metric: "door" },
  condition: { threshold: { equals: true } },
  for: "10m",
  severity: "warning",
};
const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: -15 } },
  for: "10m",
  severity: "warning",
};

/** The script of devices whose profile names no interval. */
function onChange(write: (script: GatewayScript) => GatewayScript): readonly StoredEvent[] {
  const script = write(new GatewayScript().device("d", { metrics: ["door", "temperature"] }));
  return script.events.map((event): StoredEvent => {
    if (event.kind !== "device") return event;
    const { intervalMs: _, ...data } = event.data;
    return { ...event, data };
  });
}

function judged(rules: readonly object[], events: readonly StoredEvent[]): string[] {
  const set = ruleSet(...rules);
  const drafts = run(set, events);
  expect(runWithRestarts(set, events)).toEqual(drafts);
  return told(drafts);
}

/** A watermark every minute. */
function pass(script: GatewayScript, fromMs: number, toMs: number): GatewayScript {
  for (let t = fromMs; t <= toMs; t += minutes) script.watermark(t);
  return script;
}

const door = { metric: "door" };

describe("a value of a device that reports on change", () => {
  it("holds until it changes: a door that was left open is found", () => {
    const events = onChange((script) =>
      pass(script.sample("d", minutes, true, door), minutes, hours),
    );
    expect(judged([open], events)).toEqual(["firing for_elapsed warning 12:11:00"]);
  });

  it("holds no longer than the rule itself says", () => {
    const events = onChange((script) =>
      pass(script.sample("d", minutes, true, door), minutes, hours),
    );
    expect(judged([{ ...open, hold: "5m" }], events)).toEqual([]);
  });

  it.each([1, 5, 10, 30])("counts for a number that comes every %i minutes", (every) => {
    const events = onChange((script) => {
      for (let t = 0; t <= 3 * hours; t += minutes) {
        if (t % (every * minutes) === 0) script.sample("d", t, 5);
        script.watermark(t);
      }
      return script;
    });
    expect(judged([warm], events)).toEqual(["firing for_elapsed warning 12:10:00"]);
  });

  it("ends for a number three times its longest step of the day after the last one", () => {
    const events = onChange((script) => {
      for (let n = 0; n < 8; n += 1)
        script.sample("d", n * 2 * minutes, 5).watermark(n * 2 * minutes);
      return pass(script, 15 * minutes, 2 * hours);
    });
    expect(judged([{ ...warm, on_missing: "resolve" }], events)).toEqual([
      "firing for_elapsed warning 12:10:00",
      "ended no_data warning 12:20:00",
    ]);
  });

  it.each([
    ["its will", "will"],
    ["its own word", "reported"],
  ])("ends when the device is offline by %s, and counts again when that is back", (_, cause) => {
    const events = onChange((script) => {
      pass(script.sample("d", minutes, true, door), minutes, 6 * minutes);
      pass(script.status("d", 6 * minutes, { state: "offline", cause }), 6 * minutes, 9 * minutes);
      return pass(
        script.status("d", 9 * minutes, { state: "online", cause: "reported" }),
        9 * minutes,
        20 * minutes,
      );
    });
    expect(judged([open], events)).toEqual(["firing for_elapsed warning 12:14:00"]);
  });

  it("goes on when a device that sleeps says goodbye", () => {
    const events = onChange((script) => {
      script
        .sample("d", minutes, true, door)
        .status("d", minutes, { state: "offline", cause: "disconnect" });
      return pass(script, minutes, hours);
    });
    expect(judged([open], events)).toEqual(["firing for_elapsed warning 12:11:00"]);
  });

  it("counts again when the device speaks before its gateway knows the time", () => {
    const left = { state: "offline", cause: "reported" } as const;
    const events = onChange((script) =>
      script
        .sample("d", 0, true, { metric: "door" })
        .watermark(s)
        .status("d", minutes, left)
        .watermark(minutes + s)
        .sample("d", 0, 5, { receivedMs: 2 * minutes, clock: "unsynced" })
        .watermark(20 * minutes),
    );
    expect(judged([open], events)).toEqual(["firing for_elapsed warning 12:10:01"]);
  });

  it("does not count again for the metric that it speaks of then: what it said is not known", () => {
    const left = { state: "offline", cause: "reported" } as const;
    const events = onChange((script) =>
      script
        .sample("d", 0, true, { metric: "door" })
        .watermark(s)
        .status("d", minutes, left)
        .watermark(minutes + s)
        .sample("d", 0, false, { receivedMs: 2 * minutes, metric: "door", clock: "unsynced" })
        .watermark(20 * minutes),
    );
    expect(judged([open], events)).toEqual([]);
  });

  it("ends when a rule finds the device absent", () => {
    const silent = {
      alert: "Silent",
      select: { device: "d" },
      condition: { absent: { longer_than: "5m" } },
      severity: "info",
    };
    const events = onChange((script) =>
      pass(script.sample("d", minutes, true, door), minutes, hours),
    );
    expect(judged([open, silent], events)).toEqual(["firing for_elapsed info 12:06:00"]);
  });

  it("is not that of another device that took its place", () => {
    const events = onChange((script) => {
      pass(script.sample("d", minutes, true, door), minutes, 5 * minutes);
      script.device("d", { profile: "lock@1", metrics: ["door"] }, 5 * minutes);
      return pass(script, 5 * minutes, hours);
    });
    expect(judged([open], events)).toEqual([]);
  });

  it("is unknown after three intervals where the profile names one", () => {
    const script = new GatewayScript().device("d", { metrics: ["door"], intervalMs: 10 * s });
    pass(script.sample("d", minutes, true, door), minutes, hours);
    expect(judged([open], script.events)).toEqual([]);
  });
});

describe("a new rule", () => {
  const events = onChange((script) =>
    script.sample("d", 0, true, door).sample("d", 0, 5).watermark(minutes),
  );
  const later = pass(new GatewayScript(), minutes, hours).events;

  it.each([
    ["no rule at all", [{ ...open, enabled: false }]],
    ["rules for other metrics", [{ ...open, select: { metric: "voltage" } }]],
    ["a rule for the same metric", [{ ...open, alert: "Other" }]],
  ])("sees the value that still holds, behind %s", (_, before) => {
    const old = createRuleEngine(ruleSet(...before));
    run(ruleSet(...before), events, old);
    const rules = ruleSet({ ...open, alert: "New", for: "2m" });
    const engine = createRuleEngine(rules, JSON.parse(JSON.stringify(old.snapshot())));
    const [fired] = run(rules, later, engine).filter(({ rule }) => rule === "g/New");
    expect(fired).toMatchObject({ state: "firing", value: true });
    expect(told(fired ? [fired] : [])).toEqual(["firing for_elapsed warning 12:03:00"]);
  });

  it("does not see a value that was too old by then", () => {
    const old = createRuleEngine(ruleSet({ ...open, select: { metric: "voltage" } }));
    run(ruleSet(open), events, old);
    const rules = ruleSet({ ...open, alert: "New", for: "2m", hold: "30s" });
    const engine = createRuleEngine(rules, JSON.parse(JSON.stringify(old.snapshot())));
    expect(run(rules, later, engine)).toEqual([]);
  });
});
