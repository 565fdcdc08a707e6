/**
 * A sequence as a person would tell it, a line for each thing that happens:
 *
 * ```
 * 00:00..00:10/1m d 40          d says 40 every minute, up to and without 00:10
 * 00:20 d door=open flow=0.3    two metrics in one message; one without a name is `temperature`
 * 00:21 d 40 q=bad              also `kept`, `again`, `unsynced`; `@00:05`, `@-1h` for what time it says
 * 00:22 d status offline will   also `d reject`, `d record {"interval":"10m"}`
 * 00:30 edit                    the rules are the next ones from here on
 * 00:40 down, 00:50 up          of the gateway; `clock` where its clock was set; `until` for nothing at all
 * ```
 *
 * ` & ` joins what is written into the log before the next watermark, of whatever device.
 *
 * A watermark follows a second behind each of them, and every `tickMs` in between. `1T00:10` is a day later.
 */
import { expect } from "vitest";
import { parse } from "yaml";
import { parseDuration } from "../../src/core/duration.ts";
import { retainedExtensions, staleExtensions } from "../../src/core/extensions.ts";
import type { Measurement } from "../../src/core/measurement.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";
import type { RuleSet } from "../../src/rules/rule-set.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { GatewayScript, ruleSet, s, startMs } from "./gateway-script.ts";

/** How a device is described; by its name. */
export type Devices = Readonly<Record<string, Description>>;
interface Description {
  readonly interval?: string | null;
  readonly metrics?: readonly string[];
  readonly profile?: string;
  readonly attrs?: Record<string, number | boolean | string>;
}

/** Fields of one rule as YAML, without those that are as usual. */
export type RuleText = string;

export interface Story {
  readonly about: string;
  /** Between two of them the rule is edited. */
  readonly rules: RuleText | readonly RuleText[];
  /** A series beside it, as YAML. */
  readonly series?: string;
  readonly devices?: Devices;
  readonly tickMs?: number;
  readonly script: string;
  /** What people are told: `Hot firing for_elapsed warning 00:10:00`, with the device where it is not `d`. */
  readonly right: readonly string[];
}

interface Step {
  readonly atMs: number;
  readonly words: readonly string[];
}

const usual = { alert: "Hot", select: { metric: "temperature" }, severity: "warning" };

function ruleOf(text: RuleText): object {
  const said: Record<string, unknown> = parse(`{${text}}`);
  const condition = { threshold: { above: 30 } };
  const rule = { ...usual, condition, ...said };
  return text.includes("levels:") ? { ...rule, severity: undefined } : rule;
}

/** What happens, in the order of time. The day begins twelve hours before `startMs`. */
function stepsOf(script: string): readonly Step[] {
  const steps = script
    .trim()
    .split("\n")
    .flatMap((line): readonly Step[] => {
      const [when = "", ...words] = line.trim().split(/\s+/);
      const [from = "", to, every = ""] = when.split(/\.\.|\//);
      if (to === undefined) return [{ atMs: momentOf(from), words }];
      const steps: Step[] = [];
      for (let atMs = momentOf(from); atMs < momentOf(to); atMs += msOf(every))
        steps.push({ atMs, words });
      return steps;
    });
  return steps.sort((a, b) => a.atMs - b.atMs);
}

function momentOf(text: string): number {
  const [, days = 0, hours, minutes, seconds = 0] =
    /^(?:(\d+)T)?(\d\d):(\d\d)(?::([\d.]+))?$/.exec(text) ?? [];
  return (
    ((Number(days) * 24 + Number(hours) - 12) * 60 + Number(minutes)) * 60 * s + Number(seconds) * s
  );
}

function msOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`${text} is no duration`);
  return ms;
}

/** What is right is found by an engine that is never stopped, and by one that is after every event. */
export function isTold(story: Story): void {
  const stretches = stretchesOf(story);
  const said = [judge(stretches, false), judge(stretches, true)];
  expect(said).toEqual([story.right, story.right]);
}

interface Stretch {
  readonly rules: RuleSet;
  readonly script: GatewayScript;
}

function judge(stretches: readonly Stretch[], isStopped: boolean): string[] {
  let engine: RuleEngine | undefined;
  return stretches.flatMap(({ rules, script }) => {
    const take = () => engine && JSON.parse(JSON.stringify(engine.snapshot()));
    let present = createRuleEngine(rules, take());
    return script.events.flatMap((event) => {
      if (isStopped) present = createRuleEngine(rules, take());
      engine = present;
      return present
        .feed(event)
        .filter(({ quiet }) => quiet !== true)
        .map(wordsOf);
    });
  });
}

function wordsOf({ at, labels, reason, rule, severity, state }: TransitionDraft): string {
  const about = [labels["device"], labels["metric"]].filter(
    (name) => name !== "d" && name !== "temperature",
  );
  const days = Math.floor((Date.parse(at) - startMs) / 86_400_000 + 0.5);
  const clock = at.slice(11, at.endsWith("000Z") ? 19 : 23);
  const alert = [rule.split("/")[1], ...about.filter((name) => name !== undefined)].join(" ");
  return `${alert} ${state} ${reason} ${severity} ${days > 0 ? `${days}T` : ""}${clock}`;
}

/** The same as events, one script for each set of rules. */
function stretchesOf(story: Story): readonly Stretch[] {
  const { devices = { d: {} }, script, tickMs = 5 * s } = story;
  const scripts = [story.rules].flat().map((text) => ({
    rules: ruleSet(...(story.series ? [parse(`{${story.series}}`)] : []), ruleOf(text)),
    script: new GatewayScript(),
  }));
  const steps = stepsOf(script);
  let wmMs = (steps[0]?.atMs ?? 0) - s;
  let heardMs = 0;
  let isUp = true;
  let runs = 0;
  let [current, ...later] = scripts.map((stretch) => stretch.script);
  const mark = (atMs: number, reset?: true): void => {
    if (!isUp || (atMs <= wmMs && !reset)) return;
    if (!reset) heardMs += atMs - wmMs;
    wmMs = atMs;
    current?.watermark(atMs, reset, heardMs);
  };
  for (const [name, record] of Object.entries(devices)) describe(current, name, record, wmMs);
  for (const { atMs, words } of steps) {
    for (let atTick = wmMs + tickMs; isUp && atTick < atMs; atTick += tickMs) mark(atTick);
    const [who] = words;
    if (who === "edit") {
      const before = current;
      [current, ...later] = later;
      if (before) current?.goOnFrom(before);
      mark(atMs);
    } else if (who === "down") {
      mark(atMs);
      isUp = false;
    } else if (who === "up") {
      isUp = true;
      wmMs = atMs;
      heardMs = 0;
      runs += 1;
      current?.start(atMs, `bbbbbbb${runs}`).watermark(atMs, undefined, 0);
    } else if (who === "clock") mark(atMs, true);
    else
      for (const one of words.join(" ").split(" & "))
        happen(current, one.split(" "), atMs, devices);
    mark(atMs + s);
  }
  return scripts;
}

/** What a device says, or what is said of it. */
function happen(
  script: GatewayScript | undefined,
  [who = "", what, ...more]: readonly string[],
  atMs: number,
  devices: Devices,
): void {
  if (what === "status")
    script?.status(who, atMs, {
      state: more[0] === "offline" ? "offline" : "online",
      cause: more[1] ?? "connect",
    });
  else if (what === "removed")
    script?.status(who, atMs, { state: "unknown", cause: "device-removed" });
  else if (what === "reject") script?.rejection(who, atMs);
  else if (what === "record")
    describe(script, who, { ...devices[who], ...JSON.parse(more.join(" ")) }, atMs);
  else if (what !== undefined) say(script, who, [what, ...more], atMs);
}

function describe(
  script: GatewayScript | undefined,
  name: string,
  record: Description,
  atMs: number,
): void {
  const { interval = "10s", ...others } = record;
  script?.device(name, { ...others, intervalMs: interval === null ? null : msOf(interval) }, atMs);
}

function say(
  script: GatewayScript | undefined,
  who: string,
  words: readonly string[],
  atMs: number,
): void {
  let timeMs = atMs;
  let options: Parameters<GatewayScript["sample"]>[3] = { receivedMs: atMs };
  const values: [metric: string, value: Measurement["value"]][] = [];
  for (const word of words)
    if (word.startsWith("@"))
      timeMs = /^@[-+]/.test(word) ? atMs + signed(word.slice(1)) : momentOf(word.slice(1));
    else if (word === "kept") options = { ...options, extensions: retainedExtensions };
    else if (word === "again") options = { ...options, extensions: staleExtensions };
    else if (word === "unsynced") options = { ...options, clock: "unsynced" };
    else if (word === "q=bad") options = { ...options, quality: "bad" };
    else values.push(readValue(word));
  script?.samples(who, timeMs, values, options);
}

function signed(text: string): number {
  return (text.startsWith("-") ? -1 : 1) * msOf(text.slice(1));
}

function readValue(word: string): [metric: string, value: Measurement["value"]] {
  const [metric = "", text] = word.includes("=") ? word.split("=") : ["temperature", word];
  if (text === "true" || text === "false") return [metric, text === "true"];
  return [metric, Number.isNaN(Number(text)) ? String(text) : Number(text)];
}
