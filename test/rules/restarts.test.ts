import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { retainedExtensions } from "../../src/core/extensions.ts";
import { toSeq } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { RuleSet } from "../../src/rules/rule-set.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { GatewayScript, ruleSet, run } from "./gateway-script.ts";
import { KeptMemory } from "./kept-memory.ts";
import { randomScript } from "./random-script.ts";

const temperature = { metric: "temperature" };

/** Rules of every kind; the edited ones look at the same, with other words. */
function rulesOf(isEdited: boolean): RuleSet {
  const levels = [
    { severity: "warning", above: 20, for: "10s" },
    { severity: "critical", above: { attr: "max", default: 40 }, for: "1m" },
  ];
  return ruleSet(
    {
      alert: "Hot",
      select: temperature,
      condition: { threshold: { above: isEdited ? 35 : 30, deadband: 3 } },
      for: "30s",
      keep_firing_for: "20s",
      on_missing: isEdited ? "fire" : "keep",
      severity: "warning",
    },
    {
      alert: "Levels",
      select: temperature,
      condition: { threshold: { levels } },
      hold: isEdited ? "2m" : "10m",
      on_missing: isEdited ? "keep" : "fire",
    },
    {
      alert: "Tagged",
      select: { ...temperature, tags: { line: "x*" } },
      condition: { threshold: { below: 10 } },
      severity: "info",
      enabled: isEdited,
    },
    {
      alert: "Open",
      select: { metric: "door" },
      condition: { threshold: { equals: true } },
      for: isEdited ? "1m" : "5m",
      severity: "warning",
    },
    {
      alert: "OpenAtMost",
      select: { metric: "door" },
      condition: { threshold: { not_equals: isEdited } },
      hold: "3m",
      on_missing: isEdited ? "fire" : "resolve",
      severity: "warning",
    },
    {
      alert: "Silent",
      select: {},
      condition: { absent: { longer_than: "1m" } },
      for: "20s",
      keep_firing_for: "15s",
      severity: "warning",
    },
    {
      alert: "NoTemperature",
      select: {},
      condition: { absent: { longer_than: "2m", of: "temperature" } },
      severity: "warning",
    },
  );
}

const before = rulesOf(false);
const after = rulesOf(true);

/** The rules are edited in the middle; the engine is made anew before every `each`th event, too. */
function play(events: readonly StoredEvent[], each: number): TransitionDraft[] {
  let engine = createRuleEngine(before);
  return events.flatMap((event, index) => {
    const isEdit = index === Math.floor(events.length / 2);
    const rules = index < Math.floor(events.length / 2) ? before : after;
    if (isEdit || index % each === 0)
      engine = createRuleEngine(rules, JSON.parse(JSON.stringify(engine.snapshot())));
    return [...engine.feed(event)];
  });
}

/**
 * The same, saved in parts after every event and taken up from them. Each of the three devices of a
 * script has a part of its own, which stays as it is while nothing happens to the device.
 */
function playInParts(events: readonly StoredEvent[], each: number): TransitionDraft[] {
  let engine = createRuleEngine(before);
  let kept = new KeptMemory();
  const drafts: TransitionDraft[] = [];
  for (const [index, event] of events.entries()) {
    const half = Math.floor(events.length / 2);
    if (index > 0 && (index === half || index % each === 0)) {
      engine = createRuleEngine(index < half ? before : after, kept.load());
      kept = new KeptMemory();
    }
    drafts.push(...engine.feed(event));
    kept.save(engine);
  }
  return drafts;
}

/** A script whose three devices are met with fifteen others behind each. */
function spreadScript(seed: string): readonly StoredEvent[] {
  const script = new GatewayScript();
  for (const device of ["a", "b", "c"]) {
    script.device(device);
    for (let n = 0; n < 15; n += 1) script.device(`${device}-${n}`);
  }
  const first = script.events.length;
  const moved = randomScript(seed).map((event) => ({
    ...event,
    position: { ...event.position, seq: toSeq(event.position.seq + first) },
  }));
  return [...script.events, ...moved];
}

/** The same, where some messages are such as a broker had kept. */
function partlyKept(seed: string): readonly StoredEvent[] {
  const random = createSeededRandom(`r${seed}`);
  return spreadScript(seed).map((event) =>
    random() < 0.3 ? { ...event, extensions: retainedExtensions } : event,
  );
}

/** In the last one a pending alert forgets its breach before its value is missed. */
const seeds = [...Array.from({ length: 15 }, (_, n) => `restarts-${n}`), "restarts-54"];

describe("the rules", () => {
  it.each(seeds)("say the same wherever they were stopped and taken up: %s", (seed) => {
    const events = randomScript(seed);
    const drafts = play(events, Number.POSITIVE_INFINITY);
    expect(play(events, 1)).toEqual(drafts);
    expect(play(events, 7)).toEqual(drafts);
  });

  it.each(seeds.slice(-8))(
    "say the same from parts that were saved at different moments: %s",
    (seed) => {
      const events = spreadScript(seed);
      const drafts = play(events, Number.POSITIVE_INFINITY);
      expect(playInParts(events, Number.POSITIVE_INFINITY)).toEqual(drafts);
      expect(playInParts(events, 40)).toEqual(drafts);
    },
  );

  // In the last one a device is back after a day, with another lag.
  it.each([...seeds.slice(-3), "ha-5019"])("say the same where messages were kept: %s", (seed) => {
    const events = partlyKept(seed);
    expect(playInParts(events, 7)).toEqual(play(events, Number.POSITIVE_INFINITY));
  });

  it.each(seeds)("say of each alert what stands behind what they said before: %s", (seed) => {
    const last = new Map<string, TransitionDraft>();
    for (const draft of run(before, randomScript(seed))) {
      const previous = last.get(draft.instance);
      last.set(draft.instance, draft);
      if (!previous) continue;
      const isNext = draft.episode === previous.episode && draft.n === previous.n + 1;
      const isLater = draft.started_at > previous.started_at && draft.n === 1;
      expect(isNext || isLater, JSON.stringify([previous, draft])).toBe(true);
      expect(previous.state === "ended").toBe(!isNext);
    }
  });
});
