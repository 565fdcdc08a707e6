import { describe, expect, it } from "vitest";
import type { Status } from "../../src/core/event.ts";
import { toGatewayId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
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

const rules = ruleSet({
  alert: "Silent",
  select: {},
  condition: { absent: { longer_than: "15m" } },
  severity: "critical",
});

/** Watermarks every ten seconds; all that time was listened to, on top of `heardMs`. */
function listen(script: GatewayScript, fromMs: number, toMs: number, heardMs: number): number {
  for (let t = fromMs; t <= toMs; t += 10 * s) script.watermark(t, undefined, heardMs + t - fromMs);
  return heardMs + toMs - fromMs;
}

function judge(script: GatewayScript): string[] {
  const drafts = run(rules, script.events);
  expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  return told(drafts);
}

describe("silence", () => {
  it("counts anew after a start: nobody could have heard the device before", () => {
    const script = new GatewayScript().device("f1").sample("f1", 30 * minutes, 1);
    listen(script, 30 * minutes, 32 * minutes, 0);
    script.start(44 * minutes, "bbbbbbbb").watermark(32 * minutes, undefined, 0);
    listen(script, 44 * minutes + 10 * s, 50 * minutes, 0);
    script.sample("f1", 50 * minutes, 1);
    listen(script, 50 * minutes, 60 * minutes, 6 * minutes);
    expect(judge(script)).toEqual([]);
  });

  it("is found one whole time after a start where the device says nothing", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1);
    listen(script, 0, 14 * minutes, 0);
    script.start(30 * minutes, "bbbbbbbb").watermark(14 * minutes, undefined, 0);
    listen(script, 30 * minutes, 50 * minutes, 0);
    expect(judge(script)).toEqual(["firing for_elapsed critical 12:45:00"]);
  });

  it("counts anew after a start of a gateway that does not say how long it listened", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1).watermark(minutes);
    script.start(30 * minutes, "bbbbbbbb").watermark(minutes);
    script.watermark(30 * minutes + 10 * s).watermark(44 * minutes);
    expect(judge(script)).toEqual([]);
    script.watermark(45 * minutes + s);
    expect(judge(script)).toEqual(["firing for_elapsed critical 12:45:00"]);
  });

  it("does not count the time in which the gateway did not listen", () => {
    const script = new GatewayScript().device("f1").device("f2").sample("f1", 0, 1);
    const heardMs = listen(script, 0, 10 * minutes, 0);
    // Held back, or stopped by a signal, for half an hour.
    listen(script, 40 * minutes, 44 * minutes, heardMs);
    script.sample("f2", 44 * minutes, 1);
    listen(script, 44 * minutes, 50 * minutes, heardMs + 4 * minutes);
    expect(judge(script)).toEqual(["firing for_elapsed critical 12:45:00"]);
    expect(run(rules, script.events)[0]).toMatchObject({ started_at: at(45 * minutes) });
  });

  it("adds up what was not listened to in short pieces", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1);
    // Of each ten seconds, half a second was not heard.
    for (let n = 0; n <= 94; n += 1) script.watermark(n * 10 * s, undefined, n * 9_500);
    expect(judge(script)).toEqual([]);
    script.watermark(15 * minutes + 50 * s, undefined, 15 * minutes + s);
    expect(judge(script)).toHaveLength(1);
  });

  it.each([
    ["watermarks that say how long it listened", true],
    ["watermarks of the first version", false],
  ])("is not made of records that are missing, with %s", (_, says) => {
    const heard = (t: number) => (says ? t : undefined);
    const script = new GatewayScript().device("f1").device("f2").sample("f1", 0, 1);
    script.watermark(0, undefined, heard(0)).watermark(minutes, undefined, heard(minutes));
    // The buffer was full for three hours; what f1 said every ten minutes was given up.
    const back = 3 * hours;
    script.missing(10_000).sample("f2", back, 1).watermark(back, undefined, heard(back));
    for (let t = back; t <= back + 8 * minutes; t += minutes)
      script.sample("f2", t, 1).watermark(t, undefined, heard(t));
    const spoken = back + 8 * minutes;
    script.sample("f1", spoken, 1).watermark(spoken + s, undefined, heard(spoken + s));
    expect(judge(script)).toEqual([]);
    const end = spoken + 16 * minutes;
    script.sample("f2", end, 1).watermark(end, undefined, heard(end));
    expect(judge(script)).toEqual(["firing for_elapsed critical 15:23:00"]);
  });

  it("goes on firing over a start, and ends with the next word", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1);
    listen(script, 0, 16 * minutes, 0);
    script.start(30 * minutes, "bbbbbbbb").watermark(16 * minutes, undefined, 0);
    script.device("f1", { tags: { room: "cellar" } }, 31 * minutes);
    listen(script, 31 * minutes, 32 * minutes, 0);
    script.sample("f1", 33 * minutes, 1).watermark(33 * minutes, undefined, 2 * minutes);
    expect(judge(script)).toEqual([
      "firing for_elapsed critical 12:15:00",
      "ended normal critical 12:33:00",
    ]);
  });

  it("is counted for nobody twice: watermarks that were dropped change nothing", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1);
    script.watermark(0, undefined, 0).watermark(20 * minutes, undefined, 20 * minutes);
    expect(judge(script)).toEqual(["firing for_elapsed critical 12:15:00"]);
  });
});

describe("a gateway that starts, listens and speaks by chance", () => {
  it.each([1, 2, 3, 4, 5, 6])("is judged the same when the engine is restored, seed %i", (seed) => {
    const random = createSeededRandom(`listening ${seed}`);
    const script = new GatewayScript().device("f0").device("f1").device("f2");
    let t = 0;
    let heardMs = 0;
    for (let step = 0; step < 150; step += 1) {
      const device = `f${Math.floor(random() * 3)}`;
      const passedMs = Math.floor(random() * 4 * minutes);
      t += passedMs;
      heardMs += random() < 0.8 ? passedMs : Math.floor(passedMs * random());
      const chance = random();
      if (random() < 0.03) script.missing(5);
      if (chance < 0.1) {
        script.start(t, `run${String(step).padStart(5, "0")}`);
        heardMs = 0;
      } else if (chance < 0.15)
        script.status(device, t, { state: "unknown", cause: "device-removed" });
      else if (chance < 0.2) script.rejection(device, t);
      else if (chance < 0.3) script.sample(device, t, random());
      else if (chance < 0.33) {
        t -= minutes;
        script.watermark(t, true, heardMs);
      } else if (chance < 0.36) script.watermark(t);
      else script.watermark(t, undefined, heardMs);
    }
    const drafts = run(rules, script.events);
    expect(drafts.length).toBeGreaterThan(0);
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  });

  it("goes on from a snapshot of the first version", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1);
    const heardMs = listen(script, 0, 5 * minutes, 0);
    const engine = createRuleEngine(rules);
    run(rules, script.events, engine);
    const saved = engine.snapshot();
    const old = { ...saved, gateways: saved.gateways.map(({ listening: _, ...rest }) => rest) };
    const later = new GatewayScript();
    listen(later, 5 * minutes + 10 * s, 16 * minutes, heardMs + 10 * s);
    expect(told(run(rules, later.events, createRuleEngine(rules, old)))).toEqual([
      "firing for_elapsed critical 12:15:00",
    ]);
  });
});

describe("life", () => {
  const speaks = (say: (script: GatewayScript, atMs: number) => void): string[] => {
    const script = new GatewayScript().device("f1");
    for (let t = 0; t <= 40 * minutes; t += 5 * minutes) {
      say(script, t);
      script.watermark(t, undefined, t);
    }
    return judge(script).map((line) => line.split(" ").slice(0, 2).join(" "));
  };
  const status =
    (data: Status) =>
    (script: GatewayScript, atMs: number): unknown =>
      script.status("f1", atMs, data);

  it.each([
    ["a sign of life", status({ state: "online", cause: "reported" })],
    ["a client that connects", status({ state: "online", cause: "connect" })],
    [
      "a message that was rejected",
      (script: GatewayScript, atMs: number) => script.rejection("f1", atMs),
    ],
  ])("is proved by %s", (_, say) => expect(speaks(say)).toEqual([]));

  it.each([
    ["a last will", status({ state: "offline", cause: "will" })],
    ["a last will that says online", status({ state: "online", cause: "will" })],
    ["a client that went away", status({ state: "offline", cause: "connection-lost" })],
    ["a device that says it is off", status({ state: "offline", cause: "reported" })],
  ])("is not proved by %s", (_, say) => expect(speaks(say)).toEqual(["firing for_elapsed"]));

  it("of one metric is proved by that metric only", () => {
    const of = ruleSet({
      alert: "Silent",
      select: { metric: "temperature" },
      condition: { absent: { longer_than: "15m" } },
      severity: "critical",
    });
    const script = new GatewayScript().device("f1");
    for (let t = 0; t <= 20 * minutes; t += minutes) script.rejection("f1", t).watermark(t);
    expect(run(of, script.events)).toHaveLength(1);
  });
});

describe("a watermark that is lower than the one before", () => {
  it("moves no line back", () => {
    const engine = createRuleEngine(rules);
    const script = new GatewayScript()
      .device("f1")
      .watermark(8 * s)
      .watermark(3 * s);
    expect(run(rules, script.events, engine)).toEqual([]);
    expect(engine.watermarkMs(toGatewayId("gw1"))).toBe(startMs + 8 * s);
    // A device that is met now is missed from the highest watermark on, not from the last.
    script.device("f2", {}, s).watermark(15 * minutes + 9 * s);
    expect(told(run(rules, script.events))).toEqual([
      "firing for_elapsed critical 12:15:00",
      "firing for_elapsed critical 12:15:08",
    ]);
  });
});
