import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { GatewayScript, ruleSet, s, startMs } from "../rules/gateway-script.ts";
import { expectedTransitions, type TrueSample } from "./rules-oracle.ts";
import { deviceWindow, type TrueGateway, type WindowRule, windowValues } from "./window-oracle.ts";

const latestS = 5;
const endS = 6_000;

const windowRule = fc.record({
  agg: fc.constantFrom("avg", "sum", "min", "max", "count" as const),
  everyS: fc.constantFrom(5, 20, 60),
  panes: fc.constantFrom(2, 5),
  holdS: fc.constantFrom(20, 90, 400),
  minCoverage: fc.constantFrom(0, 0.5, 0.9),
  deadband: fc.constantFrom(0, 1),
  forS: fc.constantFrom(0, 15, 120),
  keepS: fc.constantFrom(0, 30),
});

/** What a device measures, and how long each sample is on its way. */
const device = fc.record({
  afterS: fc.integer({ min: 0, max: 200 }),
  steps: fc.array(
    fc.record({
      gap: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: 41, max: 700 }) },
      ),
      value: fc.integer({ min: 6, max: 13 }),
      isGood: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
      lateS: fc.integer({ min: 0, max: latestS }),
    }),
    { minLength: 1, maxLength: 40 },
  ),
});

const gateway = fc.record({
  beginsS: fc.integer({ min: 0, max: 900 }),
  watermarkS: fc.integer({ min: 1, max: 70 }),
  devices: fc.array(device, { minLength: 1, maxLength: 3 }),
});

type Gateway = typeof gateway extends fc.Arbitrary<infer T> ? T : never;

interface Played {
  readonly events: readonly StoredEvent[];
  readonly truth: TrueGateway;
}

/** The stream of a gateway; its first device shows with its first sample how late they can be. */
function play(name: string, { beginsS, devices, watermarkS }: Gateway): Played {
  const firstS = 1_000 + beginsS;
  const arrivals: { id: string; sample: TrueSample; receivedS: number }[] = [];
  const truth = devices.map(({ afterS, steps }, n): readonly TrueSample[] => {
    let t = firstS + (n === 0 ? 0 : 1 + afterS);
    let receivedS = 0;
    return [{ gap: 0, value: 9, isGood: true, lateS: latestS }, ...steps].map((step) => {
      const { gap, isGood, lateS, value } = step;
      t += gap;
      receivedS = Math.max(receivedS, t + lateS);
      const sample = { t, value, isGood };
      arrivals.push({ id: `d${n}`, sample, receivedS });
      return sample;
    });
  });
  arrivals.sort((one, other) => one.receivedS - other.receivedS);
  const script = new GatewayScript(name);
  for (const n of devices.keys()) script.device(`d${n}`, { intervalMs: null }, firstS * s);
  let nextS = firstS + latestS;
  for (const { id, receivedS, sample } of arrivals) {
    for (; nextS < receivedS; nextS += watermarkS) script.watermark(nextS * s);
    const quality = sample.isGood ? "good" : "bad";
    script.sample(id, sample.t * s, sample.value, { receivedMs: receivedS * s, quality });
  }
  for (const t of [nextS, Math.max(nextS, endS + 200)]) script.watermark(t * s);
  return { events: script.events, truth: { fromS: firstS + 60, devices: truth } };
}

type Per = "device" | "gateway" | "site";

type Rule = WindowRule & { above: number; deadband: number; forS: number; keepS: number };

const setOf = (rule: Rule, per: Per) => {
  const { above, agg, deadband, everyS, minCoverage, overS } = rule;
  const window = { agg, over: `${overS}s`, every: `${everyS}s`, above, deadband };
  return ruleSet({
    alert: "A",
    ...{ per, select: { metric: "temperature" }, severity: "info" },
    condition: { window: { ...window, min_coverage: minCoverage } },
    ...{ for: `${rule.forS}s`, keep_firing_for: `${rule.keepS}s`, hold: `${rule.holdS}s` },
  });
};

/** The oracle looks no further. */
const untilEnd = (told: readonly string[]): string[] =>
  told.filter((each) => Number(each.split(" ")[2]) <= endS);

const expected = (rule: Rule, gateways: readonly TrueGateway[]): string[] =>
  untilEnd(
    expectedTransitions({ ...rule, holdS: rule.everyS }, windowValues(rule, gateways, endS)),
  );

const second = (text: string) => Math.floor((Date.parse(text) - startMs) / s);

/** What the engine says, made anew now and then, of streams that are read in any order. */
function judged(
  rule: Rule,
  per: Per,
  streams: readonly (readonly StoredEvent[])[],
  { each, order }: { each: number; order: readonly number[] },
): string[] {
  const rules = setOf(rule, per);
  const rest = streams.map((stream) => [...stream]);
  const mixed = [...order.flatMap((next) => rest[next]?.splice(0, 7) ?? []), ...rest.flat()];
  const origins = streams.map((_, n) => ({
    site: toSiteId("plant-a"),
    gateway: toGatewayId(`gw${n}`),
  }));
  let engine = createRuleEngine(rules);
  engine.expect(origins);
  const told = mixed.flatMap((event, n) => {
    if (n % each === each - 1) {
      engine = createRuleEngine(rules, JSON.parse(JSON.stringify(engine.snapshot())));
      engine.expect(origins);
    }
    return engine
      .feed(event)
      .filter(({ rule }) => rule === "g/A")
      .map(
        ({ at, reason, started_at, state }) =>
          `${state} ${reason} ${second(at)} since ${second(started_at)}`,
      );
  });
  return untilEnd(told);
}

/** A limit that the values of such a window cross. */
const limitOf = (agg: WindowRule["agg"], overS: number, devices: number): number => {
  if (agg === "count") return Math.round((overS / 25) * devices);
  return agg === "sum" ? Math.round((overS / 25) * devices * 9) : 9;
};

const reading = fc.record({
  each: fc.integer({ min: 30, max: 300 }),
  order: fc.array(fc.nat(2), { maxLength: 60 }),
});

describe("windows", () => {
  const ruleOf = (
    {
      panes,
      ...rest
    }: { panes: number; everyS: number; agg: WindowRule["agg"] } & Omit<Rule, "overS" | "above">,
    devices: number,
  ): Rule => {
    const overS = Math.max(10, panes * rest.everyS);
    return { ...rest, overS, above: limitOf(rest.agg, overS, devices) };
  };

  it("equal the oracle per device, with late samples and restarts", () => {
    fc.assert(
      fc.property(windowRule, gateway, reading, (written, { devices, ...more }, how) => {
        const rule = ruleOf(written, 1);
        const { events, truth } = play("gw0", { ...more, devices: devices.slice(0, 1) });
        const told = judged(rule, "device", [events], how);
        const values = deviceWindow(rule, truth.devices[0] ?? [], endS);
        expect(told).toEqual(untilEnd(expectedTransitions(rule, values)));
      }),
      { numRuns: 60 },
    );
  });

  it("equal the oracle per gateway, with late samples and restarts", () => {
    fc.assert(
      fc.property(windowRule, gateway, reading, (written, written2, how) => {
        const rule = ruleOf(written, written2.devices.length);
        const { events, truth } = play("gw0", written2);
        const told = judged(rule, "gateway", [events], how);
        expect(told).toEqual(expected(rule, [{ ...truth, fromS: 0 }]));
      }),
      { numRuns: 60 },
    );
  });

  it("equal the oracle per site, with gateways that come later, in any order of reading", () => {
    fc.assert(
      fc.property(
        windowRule,
        fc.array(gateway, { minLength: 1, maxLength: 3 }),
        reading,
        (written, gateways, how) => {
          const devices = gateways.flatMap((each) => each.devices).length;
          const rule = ruleOf(written, devices);
          const played = gateways.map((each, n) => play(`gw${n}`, each));
          const told = judged(
            rule,
            "site",
            played.map(({ events }) => events),
            how,
          );
          expect(told).toEqual(
            expected(
              rule,
              played.map(({ truth }) => truth),
            ),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
