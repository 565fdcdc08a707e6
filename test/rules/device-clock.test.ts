import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import {
  at,
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  startMs,
  told,
} from "./gateway-script.ts";

const hot = {
  alert: "Hot",
  select: { metric: "temperature" },
  condition: { threshold: { above: 30 } },
  severity: "warning",
};

/** A sample every 10 s up to and with `toMs`, 99 within `breach`; the clock is off by `offMs`. */
function report(
  script: GatewayScript,
  fromMs: number,
  toMs: number,
  offMs: number,
  breach: readonly [number, number] = [0, 0],
): GatewayScript {
  for (let t = fromMs; t <= toMs; t += 10 * s) {
    const value = t >= breach[0] && t < breach[1] ? 99 : 20;
    script.sample("d", t + offMs, value, { receivedMs: t }).watermark(t + s);
  }
  return script;
}

function judged(rule: object, script: GatewayScript): readonly TransitionDraft[] {
  const rules = ruleSet(...[rule].flat());
  const drafts = run(rules, script.events);
  expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  return drafts.filter((draft) => draft.rule.startsWith("g/"));
}

describe("a clock that was set back", () => {
  it.each([
    ["years", -2_500 * 24 * hours],
    ["a day", -24 * hours],
    ["an hour", -hours],
    ["five minutes", -5 * minutes],
  ])("by %s blinds no rule: the breach is found by the time of receipt", (_, offMs) => {
    const script = report(new GatewayScript().device("d"), 0, 10 * minutes, 0);
    report(script, 10 * minutes + 10 * s, hours, offMs, [10 * minutes + 10 * s, 50 * minutes]);
    expect(told(judged(hot, script))).toEqual([
      "firing for_elapsed warning 12:10:10",
      "ended normal warning 12:50:00",
    ]);
  });

  it.each([4, 4.9])("from %f minutes ahead to the right time loses no breach", (ahead) => {
    const script = report(new GatewayScript().device("d"), 0, 10 * minutes, ahead * minutes);
    const breach = [10 * minutes + 30 * s, 13 * minutes + 30 * s] as const;
    report(script, 10 * minutes + 10 * s, 20 * minutes, 0, breach);
    expect(told(judged(hot, script))).toEqual([
      "firing for_elapsed warning 12:10:30",
      "ended normal warning 12:13:30",
    ]);
    expect(told(judged({ ...hot, for: "2m" }, script))).toEqual([
      "firing for_elapsed warning 12:12:30",
      "ended normal warning 12:13:30",
    ]);
  });

  it("counts no time twice and none not at all for what is pending", () => {
    const script = report(new GatewayScript().device("d"), 0, 10 * minutes, 0, [
      8 * minutes,
      hours,
    ]);
    report(script, 10 * minutes + 10 * s, 30 * minutes, -hours, [8 * minutes, hours]);
    expect(told(judged({ ...hot, for: "12m" }, script))).toEqual([
      "firing for_elapsed warning 12:20:00",
    ]);
  });

  it("goes on with what fires, which ends when it is normal", () => {
    const script = report(new GatewayScript().device("d"), 0, 10 * minutes, 0, [0, hours]);
    report(script, 10 * minutes + 10 * s, 30 * minutes, -hours, [0, 20 * minutes]);
    expect(told(judged(hot, script))).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended normal warning 12:20:00",
    ]);
  });

  it("is said of the device for as long as its own time is behind its line", () => {
    const engine = createRuleEngine(ruleSet(hot));
    const script = report(new GatewayScript().device("d"), 0, 10 * minutes, 0);
    report(script, 10 * minutes + 10 * s, 20 * minutes, -hours);
    run(ruleSet(hot), script.events, engine);
    expect([...engine.devicesInTrouble()]).toEqual([
      { site: "plant-a", gateway: "gw1", device: "d", passedOver: 0, clock: "suspect", setBack: 1 },
    ]);
    const { events } = report(new GatewayScript(), 20 * minutes + 10 * s, 21 * minutes, 0);
    run(ruleSet(hot), events, engine);
    expect([...engine.devicesInTrouble()]).toEqual([
      { site: "plant-a", gateway: "gw1", device: "d", passedOver: 0, clock: "trusted", setBack: 1 },
    ]);
    expect(engine.counts.clocksSetBack).toBe(1);
  });

  it("is found for a device that reports every ten minutes, after two of its intervals", () => {
    const script = new GatewayScript().device("d", { intervalMs: 10 * minutes });
    for (let n = 0; n <= 12; n += 1) {
      const receivedMs = n * 10 * minutes;
      const timeMs = n < 6 ? receivedMs : receivedMs - 24 * hours;
      script.sample("d", timeMs, n < 6 ? 20 : 99, { receivedMs }).watermark(receivedMs + s);
    }
    expect(told(judged(hot, script))).toEqual(["firing for_elapsed warning 13:00:00"]);
  });

  it("shows in a clock that stands still, too", () => {
    const script = report(new GatewayScript().device("d"), 0, 10 * minutes, 0);
    for (let t = 10 * minutes + 10 * s; t <= 20 * minutes; t += 10 * s)
      script.sample("d", 10 * minutes, 99, { receivedMs: t }).watermark(t + s);
    const [fired] = judged({ ...hot, for: "2m" }, script);
    expect(fired).toMatchObject({ state: "firing" });
    expect(Date.parse(fired?.at ?? "")).toBeLessThan(startMs + 15 * minutes);
  });
});

describe("an upload of old readings", () => {
  it("behind a newer sample sets no clock back, however slowly it passes", () => {
    const engine = createRuleEngine(ruleSet(hot));
    const script = new GatewayScript().device("d").sample("d", 3 * hours, 20);
    script.watermark(3 * hours);
    for (let n = 0; n < 180; n += 1) {
      const receivedMs = 3 * hours + s + n * s;
      script.sample("d", n * minutes, 99, { receivedMs }).watermark(receivedMs);
    }
    script.sample("d", 3 * hours + 4 * minutes, 20).watermark(3 * hours + 4 * minutes);
    expect(run(ruleSet(hot), script.events, engine)).toEqual([]);
    expect(engine.counts).toMatchObject({ clocksSetBack: 0, outOfOrder: 180 });
    expect([...engine.devicesInTrouble()]).toMatchObject([{ device: "d", passedOver: 180 }]);
  });

  it("with each reading newer than the one before is judged at its own times", () => {
    const script = new GatewayScript().device("d").sample("d", 0, 20).watermark(s);
    for (let n = 1; n <= 120; n += 1)
      script.sample("d", n * minutes, n === 60 ? 99 : 20, { receivedMs: 2 * hours + n * s });
    script.watermark(2 * hours + 3 * minutes);
    expect(told(judged({ ...hot, hold: "3m" }, script))).toEqual([
      "firing for_elapsed warning 13:00:00",
      "ended normal warning 13:01:00",
    ]);
  });
});

describe("a clock that was set forward", () => {
  const script = (): GatewayScript => {
    const breach = [10 * minutes, 13 * minutes] as const;
    const slow = report(new GatewayScript().device("d"), 0, 11 * minutes, -hours, breach);
    return report(slow, 11 * minutes + 10 * s, 40 * minutes, 0, breach);
  };

  it("adds nothing to the time in breach", () => {
    expect(judged({ ...hot, for: "30m", hold: "2h" }, script())).toEqual([]);
    expect(told(judged({ ...hot, for: "2m", hold: "2h" }, script()))).toEqual([
      "firing for_elapsed warning 12:12:00",
      "ended normal warning 12:13:00",
    ]);
  });

  it("leaves the device no later than it is now", () => {
    const late = script()
      .sample("d", 41 * minutes, 99)
      .watermark(41 * minutes + 31 * s);
    expect(judged({ ...hot, for: "30s", hold: "2h" }, late).at(-1)).toMatchObject({
      at: at(41 * minutes + 30 * s),
    });
  });
});

describe("a line that waits while it is open whether a clock was set back", () => {
  const filling = {
    alert: "Filling",
    select: { metric: "level" },
    condition: { threshold: { above: { attr: "max", default: 40 } } },
    hold: "3h",
    severity: "warning",
  };
  const metrics = ["temperature", "level"];
  const level = { metric: "level" };

  /** The limit falls below the value that holds: it is judged anew where the line stands. */
  function limited(script: GatewayScript, nowMs: number): GatewayScript {
    return script.device("d", { metrics, attrs: { max: 10 } }, nowMs).watermark(nowMs + s);
  }

  function start(): GatewayScript {
    return new GatewayScript().device("d", { metrics, attrs: { max: 40 } });
  }

  it("waits anew where it stands when an upload goes on after a pause", () => {
    const script = start().sample("d", 0, 20, level).watermark(s);
    script.sample("d", -2 * hours, 20, { ...level, receivedMs: 10 * s }).watermark(11 * s);
    script.watermark(5 * minutes);
    script.sample("d", -hours, 20, { ...level, receivedMs: 5 * minutes + s });
    script.watermark(5 * minutes + 2 * s);
    limited(script, 5 * minutes + 3 * s);
    expect(told(judged(filling, script))).toEqual(["firing for_elapsed warning 12:05:00"]);
  });

  it("is moved with all else when the clock is found to have been set forward", () => {
    const script = start()
      .sample("d", -hours, 20, { ...level, receivedMs: 0 })
      .watermark(s);
    for (let t = 30 * s; t <= 2 * minutes; t += 30 * s)
      script.sample("d", t - hours, 20, { receivedMs: t }).watermark(t + s);
    script.sample("d", 130 * s, 20).sample("d", 90 * s - hours, 20, { receivedMs: 131 * s });
    limited(script.watermark(140 * s), 150 * s);
    expect(told(judged([filling, hot], script))).toEqual(["firing for_elapsed warning 12:02:01"]);
  });
});

describe("a device whose clock is a day ahead", () => {
  it("makes nothing late of what others say", () => {
    const others = (script: GatewayScript, isWrong: boolean): readonly TransitionDraft[] => {
      for (let t = 0; t <= 5 * minutes; t += 10 * s) {
        if (isWrong) script.sample("wrong", t + 24 * hours, 99, { receivedMs: t });
        script.sample("d", t, t >= minutes && t < 2 * minutes ? 99 : 20).watermark(t + s);
      }
      return judged(hot, script).filter(({ labels }) => labels["device"] === "d");
    };
    const alone = others(new GatewayScript().device("d"), false);
    expect(told(alone)).toEqual([
      "firing for_elapsed warning 12:01:00",
      "ended normal warning 12:02:00",
    ]);
    expect(others(new GatewayScript().device("d").device("wrong"), true)).toEqual(alone);
  });
});
