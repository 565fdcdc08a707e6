import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../../src/rules/engine.ts";
import { reservedRulesOf, rulesOptions } from "../../../src/rules/options.ts";
import { GatewayScript, hours, minutes, run, s, told } from "../gateway-script.ts";
import { judged, noRules } from "./judged-by-reserved-rules.ts";

function says(script: GatewayScript, atMs: number, cause: string, text = ""): GatewayScript {
  return script.status(null, atMs, { state: "online", cause, text }).watermark(atMs);
}

describe("a volume that runs out of room", () => {
  it("is an alert at once, and ends when there was room for a minute", () => {
    const script = new GatewayScript();
    says(script, 10 * s, "space-low", "80 MiB are free");
    says(script, 100 * s, "space-eased", "2 GiB are free");
    script.watermark(159 * s).watermark(160 * s);
    const drafts = judged(script);
    expect(told(drafts)).toEqual([
      "firing for_elapsed warning 12:00:10",
      "ended normal warning 12:02:40",
    ]);
    expect(drafts[0]).toMatchObject({
      rule: "sluicegate/SpaceLow",
      labels: { site: "plant-a", gateway: "gw1" },
      annotations: { summary: expect.stringMatching(/gw1.*little room left: 80 MiB are free/) },
    });
  });

  it("is one alert over a start that finds it as it was", () => {
    const script = new GatewayScript();
    says(script, 10 * s, "space-low");
    script.start(20 * s, "bbbbbbbb").watermark(20 * s);
    says(script, 25 * s, "space-low");
    script.watermark(10 * minutes);
    expect(told(judged(script))).toEqual(["firing for_elapsed warning 12:00:10"]);
  });
});

describe("a disk that is slow", () => {
  it("is an alert after five minutes, with what was said of it", () => {
    const script = new GatewayScript();
    says(script, 0, "disk-slow", "the longest commit of the last minute took 2 s");
    script.watermark(299 * s).watermark(301 * s);
    const [draft] = judged(script);
    expect(draft).toMatchObject({
      rule: "sluicegate/DiskSlow",
      annotations: { summary: expect.stringContaining("the longest commit of the last minute") },
    });
  });

  it("is none where a card cleaned up once", () => {
    const script = new GatewayScript();
    says(script, 0, "disk-slow");
    says(script, 60 * s, "disk-eased");
    script.watermark(hours);
    expect(judged(script)).toEqual([]);
  });
});

describe("a clock that is set", () => {
  it("is one alert until it was not set for an hour, which counts how often", () => {
    const script = new GatewayScript().watermark(0);
    says(script, 10 * s, "clock-stepped", "the clock was set by +3 h");
    says(script, 40 * minutes, "clock-stepped", "the clock was set by -3 h");
    script.watermark(hours).watermark(2 * hours);
    const drafts = judged(script);
    expect(told(drafts)).toEqual([
      "firing for_elapsed warning 12:00:10",
      "ended normal warning 13:40:00",
    ]);
    expect(drafts.map(({ value }) => value)).toEqual([1, 2]);
    expect(drafts[0]).toMatchObject({
      rule: "sluicegate/ClockStepped",
      annotations: { summary: expect.stringContaining("the clock was set by +3 h") },
    });
  });

  it("is none where it was not set before, at each start of a box without a battery", () => {
    const script = new GatewayScript().watermark(0);
    says(script, s, "clock-unset");
    says(script, 10 * s, "clock-stepped", "the clock was set by +20 d");
    script.watermark(hours);
    expect(judged(script)).toEqual([]);
    says(script, 2 * hours, "clock-stepped", "the clock was set by +1 h");
    expect(told(judged(script))).toEqual(["firing for_elapsed warning 14:00:00"]);
  });

  it("is none where it is set soon after the start, and one the next time", () => {
    const script = new GatewayScript().watermark(0);
    says(script, s, "clock-unset");
    says(script, 10 * s, "clock-set", "the clock was set by +45 s");
    script.watermark(hours);
    expect(judged(script)).toEqual([]);
    says(script, 2 * hours, "clock-stepped", "the clock was set by +1 h");
    expect(told(judged(script))).toEqual(["firing for_elapsed warning 14:00:00"]);
  });
});

const shipped = rulesOptions.parse({});

it("rules that are switched off end what fires, and say nothing more", () => {
  const script = new GatewayScript().watermark(0);
  says(script, s, "space-low");
  says(script, s, "disk-slow");
  says(script, 2 * s, "clock-stepped");
  script.watermark(6 * minutes);
  const engine = createRuleEngine(noRules, undefined, reservedRulesOf(shipped));
  run(noRules, script.events, engine);
  expect([...engine.open()].map(({ rule }) => rule).sort()).toEqual([
    "sluicegate/ClockStepped",
    "sluicegate/DiskSlow",
    "sluicegate/SpaceLow",
  ]);
  const enabled = { enabled: false };
  const off = rulesOptions.parse({
    reserved: { SpaceLow: enabled, DiskSlow: enabled, ClockStepped: enabled },
  });
  const kept = JSON.parse(JSON.stringify(engine.snapshot()));
  const next = createRuleEngine(noRules, kept, reservedRulesOf(off));
  const later = new GatewayScript().missing(20).watermark(7 * minutes);
  says(later, 8 * minutes, "space-low");
  expect(told(run(noRules, later.events, next))).toEqual([
    "ended rule_removed warning 12:07:00",
    "ended rule_removed warning 12:07:00",
    "ended rule_removed warning 12:07:00",
  ]);
});

it("go on behind what is stored where the checkpoint is gone", () => {
  const script = new GatewayScript().watermark(0);
  says(script, s, "space-low");
  const [stored] = run(noRules, script.events);
  const engine = createRuleEngine(noRules);
  run(noRules, new GatewayScript().missing(9).watermark(3 * s).events, engine);
  expect(stored && engine.goOnBehind(stored)).toMatchObject({ reason: "data_lost", n: 2 });
});
