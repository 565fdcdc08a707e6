import { expect, test } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { GatewayScript, minutes, ruleSet, run, s } from "./gateway-script.ts";

const rules = ruleSet(
  {
    alert: "Warm",
    select: { metric: "temperature" },
    condition: { threshold: { above: 30 } },
    severity: "warning",
  },
  {
    alert: "Silent",
    select: { metric: "temperature" },
    condition: { absent: { longer_than: "1m" } },
    severity: "warning",
  },
);

test("a watermark of many devices is judged in steps, which together say what it says at once", () => {
  const script = new GatewayScript();
  for (let n = 0; n < 100; n += 1) script.sample(`d${n}`, 10 * s, n % 2 === 0 ? 20 : 40);
  script.watermark(11 * s).watermark(2 * minutes);
  const engine = createRuleEngine(rules);
  const found: TransitionDraft[] = [];
  const steps: number[] = [];
  const feed = (event: StoredEvent): readonly TransitionDraft[] => {
    if (event.kind !== "watermark") return engine.feed(event);
    const passing = engine.pass(event);
    for (let count = 0; ; count += 1) {
      const step = passing.next();
      if (!step.done) continue;
      steps.push(count);
      return step.value;
    }
  };
  for (const event of script.events) found.push(...feed(event));

  expect(steps).toEqual([12, 12]);
  expect(found).toEqual(run(rules, script.events));
  expect(found).toHaveLength(150);
});
