import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import {
  GatewayScript,
  ruleSet,
  run,
  runWithRestarts,
  s,
  startMs,
} from "../rules/gateway-script.ts";
import { expectedTransitions, type OracleRule, type TrueSample } from "./rules-oracle.ts";

const oracleRule: fc.Arbitrary<OracleRule> = fc.record({
  above: fc.constant(10),
  deadband: fc.constantFrom(0, 2),
  forS: fc.constantFrom(0, 7, 60, 120),
  keepS: fc.constantFrom(0, 30, 90),
  holdS: fc.constantFrom(30, 90, 300),
});

/**
 * Values wander around the limit; gaps are mostly short, sometimes longer than any memory, and some
 * samples bear the same time.
 */
const trueSeries: fc.Arbitrary<readonly TrueSample[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(
        { weight: 2, arbitrary: fc.constant(0) },
        { weight: 12, arbitrary: fc.integer({ min: 1, max: 60 }) },
        { weight: 2, arbitrary: fc.integer({ min: 61, max: 400 }) },
        { weight: 1, arbitrary: fc.integer({ min: 401, max: 1_500 }) },
      ),
      value: fc.integer({ min: 6, max: 13 }),
      isGood: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
    { minLength: 5, maxLength: 120 },
  )
  .map((steps) => {
    let t = 10_000;
    return steps.map(({ gap, value, isGood }) => {
      t += gap;
      return { t, value, isGood };
    });
  });

/** How the series travels: when the gateway receives what happened at `t`. Never out of order. */
type Road = (samples: readonly TrueSample[]) => readonly number[];

const roads: Readonly<Record<string, fc.Arbitrary<Road>>> = {
  "on time": fc.constant((samples) => samples.map(({ t }) => t)),
  "a clock 3 s slow": fc.constant((samples) => samples.map(({ t }) => t + 3)),
  "a clock 3 s fast": fc.constant((samples) => samples.map(({ t }) => t - 3)),
  "a radio 0 to 5 s late": fc
    .array(fc.integer({ min: 0, max: 5 }), { minLength: 120, maxLength: 120 })
    .map((delays) => (samples) => {
      let latest = 0;
      return samples.map(({ t }, index) => {
        latest = Math.max(latest, t + (delays[index] ?? 0));
        return latest;
      });
    }),
  "uploads every two hours": fc.constant((samples) =>
    samples.map(({ t }) => Math.ceil(t / 7_200) * 7_200),
  ),
  "outages of an hour": fc.integer({ min: 0, max: 3_600 }).map(
    (from) => (samples) =>
      samples.map(({ t }) => {
        const phase = (t + from) % 7_200;
        return phase < 3_600 ? t + 3_600 - phase : t;
      }),
  ),
};

/** The stream of one device that was once as late as it ever is, with a backlog that it delivered. */
function streamOf(
  samples: readonly TrueSample[],
  receivedS: readonly number[],
  watermarkS: number,
): readonly StoredEvent[] {
  const script = new GatewayScript().device("d");
  const lagS = Math.max(...samples.map(({ t }, index) => (receivedS[index] ?? t) - t));
  const firstS = (samples[0]?.t ?? 0) - 100 - Math.max(lagS, 0);
  for (let left = 4; left >= (lagS > 60 ? 0 : 4); left -= 1)
    script.sample("d", (firstS + (lagS * (4 - left)) / 4) * s, 0, {
      receivedMs: (firstS + lagS) * s,
    });
  let nextS = firstS + lagS;
  for (const [index, { t, value, isGood }] of samples.entries()) {
    const received = receivedS[index] ?? t;
    for (; nextS <= received; nextS += watermarkS) script.watermark(nextS * s - 1);
    const quality = isGood ? "good" : "bad";
    script.sample("d", t * s, value, { receivedMs: received * s, quality });
  }
  return script.watermark((nextS + 20_000) * s).events;
}

/** These minutes of every hour. */
function hourly(minutes: readonly [number, number]): string[] {
  const two = (number: number): string => String(number).padStart(2, "0");
  return Array.from({ length: 24 }, (_, hour) =>
    minutes.map((minute) => `${two(hour)}:${two(minute)}`).join("-"),
  );
}

/** What the engine says, in whole seconds. */
function judgedBy(rule: OracleRule, events: readonly StoredEvent[]): string[] {
  const rules = ruleSet({
    alert: "A",
    select: { metric: "temperature" },
    condition: { threshold: { above: rule.above, deadband: rule.deadband } },
    for: `${rule.forS}s`,
    keep_firing_for: `${rule.keepS}s`,
    hold: `${rule.holdS}s`,
    severity: "warning",
    ...(rule.minutes && { schedule: { hours: hourly(rule.minutes) } }),
  });
  const second = (text: string) => Math.floor((Date.parse(text) - startMs) / s);
  const ofRule = run(rules, events).filter(({ rule }) => rule === "g/A");
  return ofRule.map(
    ({ state, reason, at, started_at }) =>
      `${state} ${reason} ${second(at)} since ${second(started_at)}`,
  );
}

describe("threshold alerts", () => {
  it.each(Object.entries(roads))("equal the oracle: %s", (_, road) => {
    fc.assert(
      fc.property(
        oracleRule,
        trueSeries,
        road,
        fc.integer({ min: 1, max: 40 }),
        (rule, samples, travel, watermarkS) => {
          const receivedS = travel(samples);
          const events = streamOf(samples, receivedS, watermarkS);
          const told = judgedBy(rule, events);
          expect(told).toEqual(expectedTransitions(rule, samples));
        },
      ),
      { numRuns: 120 },
    );
  });
});

describe("threshold alerts with a schedule", () => {
  const minutes = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 19 }))
    .map(([from, length]) => [from, from + length] as const);

  it.each(Object.entries(roads))("equal the oracle: %s", (_, road) => {
    fc.assert(
      fc.property(
        oracleRule,
        minutes,
        trueSeries,
        road,
        fc.integer({ min: 1, max: 40 }),
        (rule, minutes, samples, travel, watermarkS) => {
          const events = streamOf(samples, travel(samples), watermarkS);
          const told = judgedBy({ ...rule, minutes }, events);
          expect(told).toEqual(expectedTransitions({ ...rule, minutes }, samples));
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe("a device whose clock is set", () => {
  const steps = fc.array(
    fc.record({
      gap: fc.integer({ min: 1, max: 20 }),
      value: fc.integer({ min: 6, max: 13 }),
      isGood: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
    { minLength: 5, maxLength: 120 },
  );

  it.each([
    ["back by days", 86_400, 25 * 86_400],
    ["back by an hour or two", 3_600, 7_200],
  ])("is judged as by the oracle: %s", (_, least, most) => {
    fc.assert(
      fc.property(
        oracleRule,
        steps,
        fc.integer({ min: least, max: most }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (rule, gaps, backS, cut, watermarkS) => {
          let t = 10_000;
          const first = { t, value: 0, isGood: true };
          const following = gaps.map(({ gap, ...sample }) => {
            t += gap;
            return { ...sample, t };
          });
          const samples = [first, ...following];
          // The clock must be known to be wrong before the device falls silent.
          for (let n = 0; n < 12; n += 1) {
            t += 10;
            samples.push({ t, value: 0, isGood: true });
          }
          const cutS = following[Math.floor(cut * gaps.length)]?.t ?? 0;
          const script = new GatewayScript().device("d");
          script.sample("d", first.t * s, first.value).watermark(first.t * s);
          let nextS = first.t + 1;
          for (const sample of samples.slice(1)) {
            for (; nextS <= sample.t; nextS += watermarkS) script.watermark(nextS * s - 1);
            const timeS = sample.t > cutS ? sample.t - backS : sample.t;
            const quality = sample.isGood ? "good" : "bad";
            script.sample("d", timeS * s, sample.value, { receivedMs: sample.t * s, quality });
          }
          const { events } = script.watermark((nextS + 20_000) * s);
          expect(judgedBy(rule, events)).toEqual(expectedTransitions(rule, samples));
        },
      ),
      { numRuns: 100 },
    );
  });
});

const allRules = ruleSet(
  {
    alert: "Levels",
    select: { metric: "temperature" },
    condition: {
      threshold: {
        levels: [
          { severity: "warning", above: 8, deadband: 1 },
          { severity: "critical", above: { attr: "trip", default: 11 }, for: "20s" },
        ],
      },
    },
    for: "1m",
    keep_firing_for: "30s",
  },
  {
    alert: "Missing",
    select: { metric: "temperature" },
    condition: { threshold: { below: 7 } },
    for: "30s",
    on_missing: "fire",
    severity: "info",
  },
  {
    alert: "Resolves",
    select: { metric: "humidity" },
    condition: { threshold: { outside: [7, 11], deadband: 1 } },
    on_missing: "resolve",
    quality: ["good", "uncertain"],
    severity: "warning",
  },
  {
    alert: "Steep",
    select: { metric: "temperature" },
    condition: { rate: { above: { attr: "trip", default: 3 }, over: "2m", abs: true } },
    for: "10s",
    severity: "info",
  },
  {
    alert: "Stuck",
    select: { metric: "humidity" },
    condition: { stuck: { longer_than: "40s", tolerance: 2 } },
    keep_firing_for: "20s",
    on_missing: "resolve",
    severity: "info",
  },
  ...[
    { method: "ewma", warmup: "1m", min_samples: 4 },
    { method: "zscore", over: "2m", limit: 1, min_samples: 3, freeze_while_firing: false },
    { method: "hampel", over: "5 samples", limit: 2 },
    { method: "cusum", warmup: "30s", min_samples: 3, h: 2 },
  ].map((anomaly) => ({
    alert: anomaly.method,
    select: { metric: "temperature" },
    condition: { anomaly },
    severity: "info",
  })),
  {
    alert: "ThreeTimes",
    select: { metric: "temperature" },
    condition: { threshold: { above: 9, deadband: 1 } },
    for_samples: 3,
    severity: "info",
  },
  {
    alert: "Silent",
    select: { device: "d*" },
    condition: { absent: { longer_than: "90s" } },
    keep_firing_for: "20s",
    severity: "critical",
  },
  ...[
    { threshold: { above: 8, deadband: 1 } },
    { rate: { above: 3, over: "2m" } },
    { stuck: { longer_than: "40s" } },
    { window: { agg: "avg", over: "2m", above: 8 } },
    { expr: { fire: "m.temperature > 8.0 && m.humidity > 7.0" } },
    { absent: { longer_than: "90s" } },
  ].map((condition) => ({
    alert: `Scheduled${Object.keys(condition)[0]}`,
    select: { metric: "temperature" },
    condition,
    for: "10s",
    keep_firing_for: "20s",
    severity: "info",
    schedule: { hours: hourly([5, 8]).concat(hourly([20, 45])) },
  })),
  {
    alert: "NoHumidity",
    select: {},
    condition: { absent: { longer_than: "2m", of: "humidity" } },
    for: "30s",
    severity: "info",
  },
);

/** Anything a gateway may write, in an order it may write it in. */
const anyStream = (gateway: string): fc.Arbitrary<readonly StoredEvent[]> =>
  fc
    .array(
      fc.record({
        kind: fc.oneof(
          { weight: 8, arbitrary: fc.constant("sample" as const) },
          { weight: 5, arbitrary: fc.constant("watermark" as const) },
          { weight: 1, arbitrary: fc.constantFrom("device", "reset", "unsynced", "gap" as const) },
        ),
        device: fc.constantFrom("d1", "d2", "x3"),
        metric: fc.constantFrom("temperature", "humidity", "other"),
        passS: fc.integer({ min: 0, max: 30 }),
        lateS: fc.constantFrom(0, 0, 0, 3, 60, 3_600, 86_400),
        value: fc.integer({ min: 5, max: 13 }),
        quality: fc.constantFrom("good", "good", "good", "uncertain", "bad" as const),
        stepS: fc.constantFrom(-3_600, 3_600),
      }),
      { minLength: 1, maxLength: 120 },
    )
    .map((steps) => {
      const script = new GatewayScript(gateway).device("d1").device("d2", { metrics: [] });
      let t = 100_000;
      for (const { kind, device, metric, passS, lateS, value, quality, stepS } of steps) {
        t += passS;
        const options = { metric, quality, receivedMs: t * s };
        if (kind === "sample") script.sample(device, (t - lateS) * s, value, options);
        else if (kind === "unsynced")
          script.sample(device, 0, value, { ...options, receivedMs: 0, clock: "unsynced" });
        else if (kind === "watermark") script.watermark(t * s);
        else if (kind === "gap") script.gap(1);
        else if (kind === "device") script.device(device, { attrs: { trip: value } }, t * s);
        else {
          t += stepS;
          script.watermark(t * s, true);
        }
      }
      return script.watermark((t + 500) * s).events;
    });

const siteRules = ruleSet(
  ...(["avg", "count", "max"] as const).map((agg) => ({
    alert: agg,
    ...{ per: "site", select: { metric: "temperature" }, severity: "info" },
    condition: { window: { agg, over: "1m", every: "20s", above: agg === "count" ? 4 : 9 } },
    ...{ for: "20s", hold: "90s" },
  })),
);

/** What each rule finds of a site, by an engine that is restored behind every so many events. */
function playSite(events: readonly StoredEvent[], each: number) {
  const origins = ["gw1", "gw2"].map((gateway) => ({
    site: toSiteId("plant-a"),
    gateway: toGatewayId(gateway),
  }));
  let engine = createRuleEngine(siteRules);
  engine.expect(origins);
  const found = events.flatMap((event, n) => {
    if (n % each === each - 1) {
      engine = createRuleEngine(siteRules, JSON.parse(JSON.stringify(engine.snapshot())));
      engine.expect(origins);
    }
    return engine.feed(event).filter(({ rule }) => rule.startsWith("g/"));
  });
  return siteRules.rules.map(({ id }) => found.filter(({ rule }) => rule === id));
}

describe("any stream", () => {
  it("gives the same transitions when the engine is restored after every event", () => {
    fc.assert(
      fc.property(anyStream("gw1"), (events) => {
        expect(runWithRestarts(allRules, events)).toEqual(run(allRules, events));
      }),
      { numRuns: 150 },
    );
  });

  it("gives the same transitions however gateways are interleaved", () => {
    fc.assert(
      fc.property(
        anyStream("gw1"),
        anyStream("gw2"),
        fc.array(fc.boolean(), { minLength: 250, maxLength: 250 }),
        (one, two, order) => {
          const rest: [StoredEvent[], StoredEvent[]] = [[...one], [...two]];
          const mixed = order.flatMap((isFirst) => rest[isFirst ? 0 : 1].splice(0, 1));
          const drafts = run(allRules, [...mixed, ...rest[0], ...rest[1]]);
          const of = (gateway: string) =>
            drafts.filter(({ labels }) => labels["gateway"] === gateway);
          expect(of("gw1")).toEqual(run(allRules, one));
          expect(of("gw2")).toEqual(run(allRules, two));
        },
      ),
      { numRuns: 80 },
    );
  });

  it("gives the same alerts of a site however its gateways are read, and wherever it is restored", () => {
    fc.assert(
      fc.property(
        anyStream("gw1"),
        anyStream("gw2"),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (one, two, order, each) => {
          const rest: [StoredEvent[], StoredEvent[]] = [[...one], [...two]];
          const mixed = order.flatMap((isFirst) => rest[isFirst ? 0 : 1].splice(0, 4));
          const played = playSite([...mixed, ...rest[0], ...rest[1]], each);
          expect(played).toEqual(playSite([...one, ...two], Number.POSITIVE_INFINITY));
        },
      ),
      { numRuns: 80 },
    );
  });

  it("gives well-formed episodes: numbered without a hole, ended once, in rising order", () => {
    fc.assert(
      fc.property(anyStream("gw1"), (events) => {
        const open = new Map<string, { n: number; started: number }>();
        const previous = new Map<string, number>();
        const ids = new Set<string>();
        for (const draft of run(allRules, events)) {
          const { instance, n, id, state } = draft;
          const started = Date.parse(draft.started_at);
          expect(ids.has(id)).toBe(false);
          ids.add(id);
          const before = open.get(instance);
          expect(n).toBe((before?.n ?? 0) + 1);
          if (before) expect(started).toBe(before.started);
          else expect(started).toBeGreaterThan(previous.get(instance) ?? 0);
          expect(Date.parse(draft.fired_at)).toBeGreaterThanOrEqual(started);
          expect(Date.parse(draft.at)).toBeGreaterThanOrEqual(Date.parse(draft.fired_at));
          expect(draft.ended_at).toBe(state === "ended" ? draft.at : null);
          previous.set(instance, started);
          if (state === "ended") open.delete(instance);
          else open.set(instance, { n, started });
        }
      }),
      { numRuns: 150 },
    );
  });
});
