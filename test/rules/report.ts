/**
 * What people report of other alarm systems, as sequences of one gateway. What is right is the same
 * wherever the engine was stopped and taken up in between.
 */
import { expect } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";
import type { RuleSet } from "../../src/rules/rule-set.ts";
import { GatewayScript, ruleSet, s } from "./gateway-script.ts";

export const hot = {
  alert: "Hot",
  select: { metric: "temperature" },
  condition: { threshold: { above: 30 } },
  severity: "warning",
};
export const silent = {
  alert: "Silent",
  select: {},
  condition: { absent: { longer_than: "1m" } },
  severity: "info",
};

/** One stretch of a gateway's log, judged by these rules. */
interface Stretch {
  readonly rules: RuleSet;
  readonly script: GatewayScript;
}

export interface Report {
  readonly about: string;
  /** Between two of them the rules are edited. */
  readonly stretches: readonly Stretch[];
  readonly right: readonly string[];
}

/** One whose rules stay. */
export function report(
  about: string,
  rules: object | readonly object[],
  script: GatewayScript,
  ...right: string[]
): Report {
  return { about, stretches: [{ rules: ruleSet(...[rules].flat()), script }], right };
}

/** One whose rules are edited. */
export function edited(
  about: string,
  stretches: readonly (readonly [rules: readonly object[], script: GatewayScript])[],
  ...right: string[]
): Report {
  return {
    about,
    stretches: stretches.map(([rules, script]) => ({ rules: ruleSet(...rules), script })),
    right,
  };
}

/** The device says a value every ten seconds, by a clock that is `aheadMs` wrong. */
export function steady(
  script: GatewayScript,
  [fromMs, toMs]: readonly [number, number],
  value: number,
  aheadMs = 0,
): GatewayScript {
  for (let atMs = fromMs; atMs < toMs; atMs += 10 * s)
    script.sample("d", atMs + aheadMs, value, { receivedMs: atMs }).watermark(atMs + s);
  return script;
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** `Hot firing for_elapsed 12:10:30, known 12:10:31`, by an engine that is stopped after every event or never. */
function judge({ stretches }: Report, isStopped: boolean): string[] {
  let engine: RuleEngine | undefined;
  return stretches.flatMap(({ rules, script }) => {
    const take = () => engine && JSON.parse(JSON.stringify(engine.snapshot()));
    let present = createRuleEngine(rules, take());
    const said = script.events.flatMap((event) => {
      if (isStopped) present = createRuleEngine(rules, take());
      engine = present;
      return Array.from(
        present.feed(event),
        ({ at, reason, rule, state }) =>
          `${rule.split("/")[1]} ${state} ${reason} ${clock(Date.parse(at))}, known ${clock(event.receivedMs)}`,
      );
    });
    return said;
  });
}

export const device = () => new GatewayScript().device("d", { intervalMs: 10 * s });

/** What is right is found by an engine that is never stopped, and by one that is after every event. */
export function isRight(each: Report): void {
  expect([judge(each, false), judge(each, true)]).toEqual([each.right, each.right]);
}
