/** What the reserved rules alone find in a script of one gateway. */
import { expect } from "vitest";
import type { TransitionDraft } from "../../../src/rules/words/transition.ts";
import { type GatewayScript, ruleSet, run, runWithRestarts } from "../gateway-script.ts";

/** A set in which no rule of a site is asked. */
export const noRules = ruleSet({
  alert: "Never",
  enabled: false,
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  severity: "info",
});

/** What comes of it, also with a restart after every event. */
export function judged(script: GatewayScript): readonly TransitionDraft[] {
  const drafts = run(noRules, script.events);
  expect(runWithRestarts(noRules, script.events)).toEqual(drafts);
  return drafts;
}
