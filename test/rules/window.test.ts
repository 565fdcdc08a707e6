import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  startMs,
} from "./gateway-script.ts";

const window = (condition: object, more: object = {}) =>
  ruleSet({
    alert: "W",
    select: { metric: "temperature" },
    condition: { window: { agg: "avg", over: "10m", ...condition } },
    severity: "info",
    ...more,
  });

const brief = (drafts: ReturnType<typeof run>) =>
  drafts.map(({ at, reason, state, value }) => {
    const minute = (Date.parse(at) - startMs) / minutes;
    return `${state} ${reason} ${minute} ${value}`;
  });

describe("a window", () => {
  it("finds too many door openings in an hour, and no closings", () => {
    const rules = ruleSet({
      alert: "DoorBusy",
      select: { metric: "door" },
      condition: { window: { agg: "count", matching: 'value == "open"', over: "1h", above: 40 } },
      severity: "info",
    });
    const script = new GatewayScript().device("d", { metrics: ["door"], intervalMs: 0 });
    for (let n = 0; n < 100; n += 1)
      script.sample("d", n * minutes, n % 2 ? "closed" : "open", { metric: "door" });
    for (let n = 0; n < 50; n += 1)
      script.sample("d", 2 * hours + n * 30 * s, "open", { metric: "door" });
    script.watermark(5 * hours);
    const [fired] = run(rules, script.events);
    expect(fired).toMatchObject({
      state: "firing",
      limit: 40,
      started_at: "2026-11-21T14:18:00.000Z",
    });
    expect(Number(fired?.value)).toBeGreaterThan(40);
  });

  it("begins and ends at the edges of its panes, whenever watermarks come", () => {
    const stream = (everyS: number) => {
      const script = new GatewayScript().device("d");
      for (let n = 0; n < 60; n += 1) {
        script.sample("d", n * minutes, n >= 20 && n < 30 ? 10 : 0);
        if ((n * 60) % everyS === 0) script.watermark(n * minutes + s);
      }
      return script.watermark(61 * minutes).events;
    };
    const rules = window({ above: 5 }, { hold: "3m" });
    const told = brief(run(rules, stream(60)));
    expect(told).toEqual(["firing for_elapsed 26 6", "ended normal 35 5"]);
    expect(brief(run(rules, stream(600)))).toEqual(told);
  });

  it("is unknown where too little of it is known, and never by that normal", () => {
    const script = new GatewayScript().device("d");
    script.steady("d", 0, 10 * minutes, 10 * s, 10);
    script.sample("d", 40 * minutes, 0).watermark(41 * minutes);
    const told = brief(run(window({ above: 5 }), script.events));
    expect(told[0]).toBe("firing for_elapsed 5 10");
    expect(told.some((one) => one.startsWith("ended"))).toBe(false);
  });

  it("counts nothing as 0 while the device is there", () => {
    const script = new GatewayScript().device("d", { intervalMs: 0 });
    script.sample("d", 0, 1).watermark(20 * minutes);
    const told = run(window({ agg: "count", below: 1 }), script.events);
    expect(told[0]).toMatchObject({ state: "firing", value: 0 });
  });

  it("takes samples that come out of order while they are still part of it", () => {
    const script = new GatewayScript().device("d");
    script.steady("d", 0, 9 * minutes, 30 * s, 0);
    for (let n = 0; n < 30; n += 1)
      script.sample("d", 8 * minutes + n, 100, { receivedMs: 9 * minutes + s });
    script.steady("d", 9 * minutes + 30 * s, 12 * minutes, 30 * s, 0);
    expect(run(window({ agg: "max", above: 50 }), script.events)[0]).toMatchObject({ value: 100 });
  });

  it("is the same wherever the engine is stopped and restored", () => {
    const rules = window(
      { above: 5, every: "30s", over: "3m" },
      { for: "1m", keep_firing_for: "30s" },
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            gap: fc.integer({ min: 1, max: 90 }),
            late: fc.constantFrom(0, 0, 0, 20, 200),
            value: fc.integer({ min: 0, max: 10 }),
            mark: fc.boolean(),
          }),
          { minLength: 10, maxLength: 80 },
        ),
        (steps) => {
          const script = new GatewayScript().device("d");
          let t = 1_000;
          for (const { gap, late, value, mark } of steps) {
            t += gap;
            script.sample("d", (t - late) * s, value, { receivedMs: t * s });
            if (mark) script.watermark(t * s);
          }
          const { events } = script.watermark((t + 900) * s);
          expect(runWithRestarts(rules, events)).toEqual(run(rules, events));
        },
      ),
      { numRuns: 60 },
    );
  });
});
