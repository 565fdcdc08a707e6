import { describe, expect, it } from "vitest";
import { toGatewayId } from "../../../src/core/ids.ts";
import { createRuleEngine } from "../../../src/rules/engine.ts";
import { reservedRulesOf, rulesOptions } from "../../../src/rules/options.ts";
import { at, GatewayScript, hours, minutes, run, s, told } from "../gateway-script.ts";
import { judged, noRules } from "./judged-by-reserved-rules.ts";

function buffer(script: GatewayScript, atMs: number, cause: string, text = "81 % wait"): void {
  script.status(null, atMs, { state: "online", cause, text }).watermark(atMs);
}

describe("a buffer that fills", () => {
  it("is an alert that rises with it, and ends when it was well for a minute", () => {
    const script = new GatewayScript();
    buffer(script, 10 * s, "buffer-filling");
    buffer(script, 70 * s, "buffer-nearly-full", "95 % wait");
    buffer(script, 100 * s, "buffer-eased");
    script.watermark(159 * s).watermark(160 * s);
    const drafts = judged(script);
    expect(told(drafts)).toEqual([
      "firing for_elapsed warning 12:00:10",
      "firing level critical 12:01:10",
      "ended normal critical 12:02:40",
    ]);
    expect(drafts[0]).toMatchObject({
      rule: "sluicegate/BufferFilling",
      labels: { site: "plant-a", gateway: "gw1" },
      annotations: { summary: "gateway gw1 of plant-a: 81 % wait" },
    });
    expect(drafts[2]?.annotations["summary"]).toContain("has room in its buffer again");
  });

  it("is one alert over a start of the gateway that finds it still full", () => {
    const script = new GatewayScript();
    buffer(script, 10 * s, "buffer-filling");
    script.start(20 * s, "bbbbbbbb").watermark(20 * s);
    buffer(script, 21 * s, "buffer-filling");
    script.watermark(300 * s);
    expect(told(judged(script))).toEqual(["firing for_elapsed warning 12:00:10"]);
  });

  it("is critical where the buffer takes nothing, whatever fills it", () => {
    const script = new GatewayScript();
    buffer(script, 10 * s, "buffer-stopped", "the volume is full");
    buffer(script, 20 * s, "buffer-filling");
    buffer(script, 30 * s, "buffer-resumed");
    const drafts = judged(script);
    expect(told(drafts)).toEqual(["firing for_elapsed critical 12:00:10"]);
    expect(drafts[0]?.annotations["summary"]).toContain("takes nothing: the volume is full");
  });
});

describe("records that are gone", () => {
  it("are one alert until nothing was lost for an hour, which counts them", () => {
    const script = new GatewayScript();
    script
      .watermark(0)
      .gap(120, 10 * s)
      .watermark(20 * s)
      .gap(30, 40 * minutes);
    script.watermark(hours).watermark(2 * hours);
    const drafts = judged(script);
    expect(told(drafts)).toEqual([
      "firing for_elapsed critical 12:00:10",
      "ended normal critical 13:40:00",
    ]);
    expect(drafts.map(({ value }) => value)).toEqual([120, 150]);
    expect(drafts[0]?.annotations["summary"]).toContain("lost 120 records for good (dropped-full)");
  });

  it("are a warning where nobody could read them anyway", () => {
    const script = new GatewayScript()
      .watermark(0)
      .gap(5, s, "rejection")
      .watermark(2 * s);
    expect(told(judged(script))).toEqual(["firing for_elapsed warning 12:00:01"]);
  });
});

describe("a device whose clock is wrong", () => {
  it("is an alert when nothing it sent could be believed for five minutes", () => {
    const script = new GatewayScript().device("d");
    for (let t = 10 * s; t <= 10 * minutes; t += 30 * s)
      script.sample("d", t, 20, { clock: "gateway", saidMs: t - 40 * 24 * hours }).watermark(t);
    script.sample("d", 11 * minutes, 20).watermark(11 * minutes);
    const drafts = judged(script);
    expect(told(drafts)).toEqual([
      "firing for_elapsed warning 12:05:10",
      "ended normal warning 12:11:00",
    ]);
    expect(drafts[0]).toMatchObject({
      rule: "sluicegate/ClockSuspect",
      labels: { site: "plant-a", gateway: "gw1", device: "d" },
      started_at: at(10 * s),
    });
  });

  it("is one as well when it was set back", () => {
    const script = new GatewayScript().device("d").steady("d", 0, 10 * minutes, 10 * s, 20);
    for (let t = 10 * minutes; t <= 30 * minutes; t += 10 * s)
      script.sample("d", t - hours, 20, { receivedMs: t + s }).watermark(t + s);
    expect(told(judged(script))).toHaveLength(1);
  });

  it("is none for a message now and then", () => {
    const script = new GatewayScript().device("d");
    for (let t = 10 * s; t <= hours; t += 30 * s) {
      const isWrong = t % (90 * s) === 10 * s;
      script.sample("d", t, 20, isWrong ? { clock: "gateway", saidMs: 0 } : {}).watermark(t);
    }
    expect(judged(script)).toEqual([]);
  });
});

describe("a device that sends bad values", () => {
  it("is an alert after ten minutes of them, and none after one", () => {
    const script = new GatewayScript().device("d");
    script.sample("d", 0, 20, { quality: "bad" }).watermark(0);
    script.sample("d", 20 * minutes, 20).watermark(20 * minutes);
    for (let t = 30 * minutes; t <= 45 * minutes; t += minutes) {
      script.sample("d", t, 85, { quality: "bad" });
      script.sample("d", t, 50, { metric: "humidity" }).watermark(t);
    }
    const drafts = judged(script);
    expect(told(drafts)).toEqual(["firing for_elapsed warning 12:40:00"]);
    expect(drafts[0]?.annotations["summary"]).toBe("d sends bad values: temperature");
  });

  it("ends with its device, and with its gateway", () => {
    const script = new GatewayScript().device("d").device("e");
    for (let t = 0; t <= 20 * minutes; t += minutes)
      for (const device of ["d", "e"])
        script.sample(device, t, 85, { quality: "bad" }).watermark(t);
    script.status("d", 21 * minutes, { state: "offline", cause: "device-removed" });
    const engine = createRuleEngine(noRules);
    const drafts = [...run(noRules, script.events, engine)];
    drafts.push(...engine.remove(toGatewayId("gw1")));
    expect(drafts.map(({ labels, reason }) => `${labels["device"]} ${reason}`)).toEqual([
      "d for_elapsed",
      "e for_elapsed",
      "d device_removed",
      "e gateway_removed",
    ]);
  });
});

describe("the rules that come with the program", () => {
  it("end what fires when they are switched off, and are then silent", () => {
    const script = new GatewayScript()
      .watermark(0)
      .gap(5, s)
      .watermark(2 * s);
    const engine = createRuleEngine(noRules);
    run(noRules, script.events, engine);
    expect([...engine.open()]).toHaveLength(1);
    const off = reservedRulesOf(rulesOptions.parse({ reserved: { DataLost: { enabled: false } } }));
    const next = createRuleEngine(noRules, JSON.parse(JSON.stringify(engine.snapshot())), off);
    const later = new GatewayScript()
      .missing(9)
      .watermark(3 * s)
      .gap(7, 4 * s)
      .watermark(5 * s);
    expect(told(run(noRules, later.events, next))).toEqual([
      "ended rule_removed critical 12:00:03",
    ]);
  });

  it("go on behind what is stored where the checkpoint is gone", () => {
    const script = new GatewayScript()
      .watermark(0)
      .gap(5, s)
      .watermark(2 * s);
    const [stored] = run(noRules, script.events);
    const engine = createRuleEngine(noRules);
    run(noRules, new GatewayScript().missing(9).watermark(3 * s).events, engine);
    expect(stored && engine.goOnBehind(stored)).toMatchObject({ reason: "data_lost", n: 2 });
    const later = new GatewayScript()
      .missing(20)
      .gap(7, s)
      .watermark(5 * s);
    expect(run(noRules, later.events, engine)).toMatchObject([{ n: 1, started_at: at(s + 1) }]);
  });
});
