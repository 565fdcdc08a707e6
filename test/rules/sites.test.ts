import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { shippedRules } from "../../src/rules/reserved/reserved-rules.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";
import type { RuleSet } from "../../src/rules/rule-set.ts";
import { Backtest } from "../../src/rules/trial/backtest.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { at, GatewayScript, hours, minutes, ruleSet, run, s, startMs } from "./gateway-script.ts";

const cooling = (more: object = {}, window: object = {}) =>
  ruleSet({
    alert: "CoolingFailure",
    select: { profile: "freezer", metric: "temperature" },
    per: "site",
    condition: { window: { agg: "avg", over: "10m", above: -12, min_coverage: 0.5, ...window } },
    for: "5m",
    severity: "critical",
    ...more,
  });
const rules = cooling();

const originOf = (gateway: string) => ({
  site: toSiteId("plant-a"),
  gateway: toGatewayId(gateway),
});

/** An engine that knows which gateways there are before it hears any of them. */
function engineOf(ruleSet: RuleSet, ...gateways: readonly string[]): RuleEngine {
  const engine = createRuleEngine(ruleSet);
  expect(engine.expect(gateways.map(originOf))).toEqual([]);
  return engine;
}

/** What the hub sees of a gateway that says nothing. */
function seeFor(engine: RuleEngine, gateway: string, quietMs: number): readonly TransitionDraft[] {
  const seen = { ...originOf(gateway), storedMs: startMs, lastSeq: 1_000_000 };
  return [
    ...engine.see({ ...seen, quietMs: 1 }),
    ...engine.see({ ...seen, quietMs: 1 + quietMs }),
  ].filter(({ rule }) => rule.startsWith("g/"));
}

/** Freezers that warm up one minute after the other, from minute `warmFrom` to 45. */
function store(
  gateway: string,
  { warmFrom = 20, fromMinute = 0, toMinute = 60, freezers = 2, everyS = 30 } = {},
): readonly StoredEvent[] {
  const script = new GatewayScript(gateway);
  const ids = Array.from({ length: freezers }, (_, n) => `f${n}`);
  for (const id of ids) script.device(id, {}, fromMinute * minutes);
  for (let n = fromMinute * 6; n < toMinute * 6; n += 1) {
    for (const [at, id] of ids.entries()) {
      const isWarm = n >= (warmFrom + at) * 6 && n < 45 * 6;
      script.sample(id, n * 10 * s + at * s, isWarm ? 0 : -20);
    }
    if ((n * 10) % everyS === 0) script.watermark(n * 10 * s + 5 * s);
  }
  return script.watermark(toMinute * minutes + 20 * minutes).events;
}

const brief = (drafts: readonly TransitionDraft[]) =>
  drafts.map(({ at: told, reason, state, value }) => `${state} ${reason} ${told} ${value}`);

/** Each stream in its order, mixed as `order` says: by which of them is next, some events each. */
function mix(
  streams: readonly (readonly StoredEvent[])[],
  order: readonly number[],
): readonly StoredEvent[] {
  const rest = streams.map((stream) => [...stream]);
  return [...order.flatMap((next) => rest[next]?.splice(0, 60) ?? []), ...rest.flat()];
}

describe("a rule per site", () => {
  const streams = [store("gw1"), store("gw2", { warmFrom: 21, everyS: 60 }), store("gw3")];
  const gateways = ["gw1", "gw2", "gw3"];
  const drafts = run(rules, mix(streams, []), engineOf(rules, ...gateways));
  const anyOrder = fc.array(fc.nat(2), { minLength: 60, maxLength: 60 });

  it("is one alert of all gateways, however their streams are read", () => {
    expect(drafts.map(({ state }) => state)).toEqual(["firing", "ended"]);
    expect(drafts[0]?.labels).toEqual({ site: "plant-a", metric: "temperature" });
    fc.assert(
      fc.property(anyOrder, (order) => {
        const told = run(rules, mix(streams, order), engineOf(rules, ...gateways));
        expect(told).toEqual(drafts);
      }),
      { numRuns: 10 },
    );
    const backwards = mix([...streams].reverse(), []);
    expect(run(rules, backwards, engineOf(rules, ...gateways))).toEqual(drafts);
  });

  it("is the same wherever the engine is stopped and restored", () => {
    fc.assert(
      fc.property(anyOrder, fc.integer({ min: 100, max: 700 }), (order, each) => {
        let engine = engineOf(rules, ...gateways);
        const told = mix(streams, order).flatMap((event, n) => {
          if (n % each === 0) {
            engine = createRuleEngine(rules, JSON.parse(JSON.stringify(engine.snapshot())));
            engine.expect(gateways.map(originOf));
          }
          return [...engine.feed(event)];
        });
        expect(told).toEqual(drafts);
      }),
      { numRuns: 4 },
    );
  });

  it("counts a gateway that comes later from a minute after its first watermark, however soon it is found", () => {
    const late = store("gw3", { fromMinute: 15, warmFrom: 0 });
    const all = [store("gw1"), store("gw2"), late];
    const expected = run(rules, mix(all, []), engineOf(rules, ...gateways));
    const without = run(rules, mix(all.slice(0, 2), []), engineOf(rules, "gw1", "gw2"));
    expect(expected).not.toEqual(without);
    for (const foundS of [5, 20, 50]) {
      const engine = engineOf(rules, "gw1", "gw2");
      const cutMs = startMs + 15 * minutes + foundS * s;
      const before = all.slice(0, 2).map((stream) => stream.filter((e) => e.receivedMs <= cutMs));
      const told = run(rules, mix(before, []), engine);
      engine.expect(gateways.map(originOf));
      const rest = all.slice(0, 2).map((stream) => stream.filter((e) => e.receivedMs > cutMs));
      told.push(...run(rules, mix([...rest, late], []), engine));
      expect(told).toEqual(expected);
    }
  });

  it("waits for a gateway that was never heard, until its stream is gone", () => {
    const engine = engineOf(rules, "gw1", "gw2", "gw3", "never");
    expect(run(rules, mix(streams, []), engine)).toEqual([]);
    expect(engine.expect(gateways.map(originOf))).toEqual(drafts);
  });

  it("goes on without a gateway that never says what time it is", () => {
    const script = new GatewayScript("never");
    const unsynced: StoredEvent[] = script.watermark(0).events.map((event) => {
      const { kind } = event;
      if (kind !== "watermark") throw new Error(kind);
      return { ...event, clock: "unsynced" };
    });
    const engine = engineOf(rules, ...gateways, "never");
    expect(run(rules, [...unsynced, ...mix(streams, [])], engine)).toEqual(drafts);
  });
});

describe("a gateway that is read far ahead of the others of its site", () => {
  it("is said to be, until they have come as far, and loses nothing", () => {
    const script = (gateway: string) => {
      const events = new GatewayScript(gateway).device("f1");
      for (let n = 0; n < 1_500; n += 1)
        events.sample("f1", n * minutes, n < 1_400 ? -20 : 0).watermark(n * minutes + s);
      return events.watermark(1_510 * minutes).events;
    };
    const held = cooling({ hold: "2m" });
    const engine = engineOf(held, "gw1", "gw2");
    const told = run(held, script("gw1"), engine);
    expect(engine.isAhead(toGatewayId("gw1"))).toBe(true);
    expect(engine.isAhead(toGatewayId("gw2"))).toBe(false);
    told.push(...run(held, script("gw2"), engine));
    expect(engine.isAhead(toGatewayId("gw1"))).toBe(false);
    expect(told[0]).toMatchObject({ state: "firing", fired_at: at(1_410 * minutes) });
  });
});

describe("a site with a gateway that says nothing any more", () => {
  const here = store("gw1", { freezers: 3 });
  const away = store("gw2", { freezers: 1, toMinute: 10 }).slice(0, -1);

  it("waits for it, an hour at most", () => {
    const engine = engineOf(rules, "gw1", "gw2");
    expect(run(rules, mix([here, away], []), engine)).toEqual([]);
    expect(seeFor(engine, "gw2", hours - s)).toEqual([]);
    const told = seeFor(engine, "gw2", hours);
    expect(told.map(({ state }) => state)).toEqual(["firing", "ended"]);
  });

  it("says the same in whatever order several of them are left behind", () => {
    const early = store("gw3", { freezers: 1, toMinute: 8 }).slice(0, -1);
    const [one, other] = [["gw2", "gw3"] as const, ["gw3", "gw2"] as const].map((order) => {
      const engine = engineOf(rules, "gw1", "gw2", "gw3");
      const told = run(rules, mix([here, away, early], [0, 2, 1, 0]), engine);
      for (const gateway of order) told.push(...seeFor(engine, gateway, hours));
      return told;
    });
    expect(one).toHaveLength(2);
    expect(other).toEqual(one);
  });

  it("counts its devices as there, and what they measure as unknown", () => {
    const many = store("gw2", { freezers: 5, toMinute: 10 }).slice(0, -1);
    const engine = engineOf(rules, "gw1", "gw2");
    run(rules, mix([here, many], []), engine);
    expect(seeFor(engine, "gw2", 2 * hours)).toEqual([]);
  });

  it("waits a minute for one that stopped on purpose, and takes it again when it is back", () => {
    const stop = new GatewayScript("gw2").missing(1_000);
    stop.status(null, 11 * minutes, { state: "offline", cause: "gateway-stopped" });
    const engine = engineOf(rules, "gw1", "gw2");
    const cut = here.findIndex(({ receivedMs }) => receivedMs > startMs + 40 * minutes);
    const first = run(rules, [...away, ...stop.events, ...here.slice(0, cut)], engine);
    expect(first).toEqual([]);
    expect(seeFor(engine, "gw2", 59 * s)).toEqual([]);
    expect(seeFor(engine, "gw2", minutes).map(({ state }) => state)).toEqual(["firing"]);

    const back = new GatewayScript("gw2").missing(2_000).start(41 * minutes, "bbbbbbbb");
    for (let n = 0; n < 200; n += 1)
      back.sample("f0", 41 * minutes + n * 10 * s, -20).watermark(41 * minutes + n * 10 * s);
    expect(run(rules, [...back.events, ...here.slice(cut)], engine)).toMatchObject([
      { state: "ended", reason: "normal" },
    ]);
  });

  it("says the same of a quick stop and start as of none", () => {
    const events = store("gw2");
    const half = events.findIndex(({ receivedMs }) => receivedMs > startMs + 25 * minutes);
    const restart = new GatewayScript("gw2").missing(900);
    restart.status(null, 25 * minutes + s, { state: "offline", cause: "gateway-stopped" });
    const engine = engineOf(rules, "gw1", "gw2");
    const told = run(rules, [...here, ...events.slice(0, half), ...restart.events], engine);
    told.push(...seeFor(engine, "gw2", 50 * s));
    told.push(...run(rules, events.slice(half), engine));
    const expected = run(rules, mix([here, events], []), engineOf(rules, "gw1", "gw2"));
    expect(brief(told)).toEqual(brief(expected));
    expect(told).toHaveLength(2);
  });
});

describe("an alert of a site", () => {
  const forever = cooling({}, { above: -30 });
  const script = (gateway: string, device: string) => {
    const events = new GatewayScript(gateway).device(device);
    return events.steady(device, 0, 30 * minutes, 10 * s, 0);
  };
  const gone = (script: GatewayScript, device: string, minute: number) =>
    script
      .status(device, minute * minutes, { state: "offline", cause: "device-removed" })
      .watermark(60 * minutes).events;
  const fires = (drafts: readonly TransitionDraft[]) => drafts.map(({ reason }) => reason);

  it("ends with the last device of the last gateway that had one", () => {
    const one = gone(script("gw1", "f1"), "f1", 31);
    const two = gone(script("gw2", "f2"), "f2", 35);
    const other = new GatewayScript("gw3").device("x", { profile: "other" });
    other.watermark(0).watermark(60 * minutes);
    for (const order of [
      [one, two, other.events],
      [other.events, two, one],
    ]) {
      const told = run(forever, order.flat(), engineOf(forever, "gw1", "gw2", "gw3"));
      expect(fires(told)).toEqual(["for_elapsed", "device_removed"]);
      expect(told[1]).toMatchObject({ state: "ended", ended_at: at(35 * minutes) });
    }
  });

  it("goes on while another gateway has a device", () => {
    const one = gone(script("gw1", "f1"), "f1", 31);
    const two = script("gw2", "f2").watermark(60 * minutes).events;
    const told = run(forever, [...one, ...two], engineOf(forever, "gw1", "gw2"));
    expect(told.filter(({ state }) => state === "ended")).toEqual([]);
  });

  it("ends with the last gateway that had a device, also where others are left", () => {
    const engine = engineOf(forever, "gw1", "gw3");
    const other = new GatewayScript("gw3").watermark(0).watermark(60 * minutes).events;
    expect(run(forever, [...script("gw1", "f1").events, ...other], engine)).toHaveLength(1);
    expect(engine.remove(toGatewayId("gw1"))).toMatchObject([
      { state: "ended", reason: "gateway_removed", labels: { site: "plant-a" } },
    ]);
    expect([...engine.open()]).toEqual([]);
  });

  it("ends when no rule is about it any more, also where none is about sites", () => {
    const engine = engineOf(forever, "gw1");
    const events = script("gw1", "f1");
    expect(run(forever, events.events, engine)).toHaveLength(1);
    const other = ruleSet({
      alert: "Other",
      select: { metric: "other" },
      condition: { threshold: { above: 0 } },
      severity: "info",
    });
    const after = createRuleEngine(other, JSON.parse(JSON.stringify(engine.snapshot())));
    const rest = new GatewayScript("gw1").missing(5_000).watermark(40 * minutes).events;
    expect(fires(run(other, rest, after))).toEqual(["rule_removed"]);
  });

  it("ends when its rule selects no device any more", () => {
    const engine = engineOf(forever, "gw1");
    run(forever, script("gw1", "f1").events, engine);
    const edited = cooling({ select: { profile: "other", metric: "temperature" } }, { above: -30 });
    const after = createRuleEngine(edited, JSON.parse(JSON.stringify(engine.snapshot())));
    const rest = new GatewayScript("gw1").missing(5_000).watermark(40 * minutes).events;
    expect(fires(run(edited, rest, after))).toEqual(["rule_removed"]);
  });
});

describe("a backtest of a rule per site", () => {
  const away = store("gw3", { freezers: 1, toMinute: 30 }).slice(0, -1);
  const streams = [store("gw1"), store("gw2"), away];

  it("hears one gateway after the other, and does not wait at the end for one that fell silent", () => {
    const engine = engineOf(rules, "gw1", "gw2", "gw3");
    const drafts = run(rules, mix(streams, [0, 1, 2, 0, 2, 1]), engine);
    drafts.push(...seeFor(engine, "gw3", hours));
    const told: TransitionDraft[] = [];
    const test = new Backtest({ rules, reserved: shippedRules }, (draft) => told.push(draft));
    test.expect(["gw1", "gw2", "gw3"].map(originOf));
    for (const event of streams.flat()) test.feed(event);
    test.finish();
    expect(told.map(({ id }) => id)).toEqual(drafts.map(({ id }) => id));
    expect(test.result().episodes).toHaveLength(1);
  });
});

describe("an alert of a site is explained", () => {
  const explained = (engine: RuleEngine, named: string) =>
    engine.explain("CoolingFailure", named).map(({ state, ...view }) => ({
      state,
      said: [...view.reasons, ...("facts" in view ? view.facts : [])],
    }));

  it("by what it is about and whom it waits for, asked by a device of it or by the site", () => {
    const engine = engineOf(rules, "gw1", "gw2", "gw3");
    expect(explained(engine, "f0")).toEqual([]);
    run(rules, store("gw1"), engine);
    expect(explained(engine, "plant-a")).toEqual([
      {
        state: "ok",
        said: [
          "no window of the whole site is over yet",
          "no device of it is there",
          "it waits for gw2, which did not say yet what time it is",
        ],
      },
    ]);
    run(rules, store("gw2", { freezers: 1, toMinute: 40 }).slice(0, -1), engine);
    run(rules, new GatewayScript("gw3").watermark(0).watermark(20 * minutes).events, engine);
    expect(seeFor(engine, "gw3", hours)).toHaveLength(1);
    const [seen, ...others] = explained(engine, "f0");
    expect(others).toEqual([]);
    expect(seen?.state).toBe("firing");
    expect(seen?.said).toEqual([
      expect.stringMatching(/^temperature is 0 °C since .*, the limit is -12$/),
      expect.stringContaining("the breach began at 2026-11-21T12:2"),
      "what its window makes counts until the end of its next part",
      "3 devices of it are there: 2 of gw1, 1 of gw2",
      expect.stringMatching(/^the site is judged up to 2026-11-21T12:39:/),
      expect.stringMatching(/^it waits for gw2, which stands at 2026-11-21T12:39:/),
      "it does not wait for gw3, which stands at 2026-11-21T12:20:00.000Z",
    ]);
    expect(engine.tally()).toContainEqual({
      rule: "g/CoolingFailure",
      ...{ instances: 1, pending: 0, firing: 1 },
    });
    expect([...engine.instances()].filter(({ gateway }) => gateway === "")).toHaveLength(1);
  });

  it("as not about a device that its rule does not select", () => {
    const engine = engineOf(rules, "gw1");
    const other = new GatewayScript("gw1").device("x", { profile: "other" }).watermark(0);
    run(rules, other.events, engine);
    expect(explained(engine, "x")).toMatchObject([{ state: "unwatched" }]);
  });
});
