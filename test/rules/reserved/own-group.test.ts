import { describe, expect, it } from "vitest";
import { ownGroups } from "../../../src/rules/reserved/own-group.ts";
import { shippedRules } from "../../../src/rules/reserved/reserved-rules.ts";
import { buildRuleSet } from "../../../src/rules/rule-set.ts";
import {
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  told,
} from "../gateway-script.ts";

function ownRules() {
  const built = buildRuleSet([{ groups: ownGroups(shippedRules) }]);
  if (!built.ok) throw new Error(JSON.stringify(built.faults));
  return built.value;
}

/** Devices that speak once, while the gateway goes on. */
function fallingSilent(intervals: Readonly<Record<string, number | null>>): GatewayScript {
  const script = new GatewayScript();
  for (const [device, intervalMs] of Object.entries(intervals))
    script.device(device, { intervalMs }).sample(device, 0, 20);
  for (let t = 0; t <= hours; t += 5 * s) script.watermark(t);
  return script;
}

describe("a device that falls silent", () => {
  it("is an alert after three of its intervals, and a minute at least", () => {
    const { events } = fallingSilent({ slow: 10 * minutes, quick: s });
    const drafts = run(ownRules(), events);
    expect(runWithRestarts(ownRules(), events)).toEqual(drafts);
    expect(drafts.map(({ labels, started_at }) => [labels["device"], started_at])).toEqual([
      ["quick", "2026-11-21T12:01:00.000Z"],
      ["slow", "2026-11-21T12:30:00.000Z"],
    ]);
    expect(drafts[0]).toMatchObject({
      rule: "sluicegate/DeviceSilent",
      annotations: {
        summary: "quick has said nothing for 3 intervals by 2026-11-21T12:01:00.000Z",
      },
    });
  });

  it("is none where nobody knows how often it should speak", () => {
    const { events } = fallingSilent({ d: null });
    expect(run(ownRules(), events)).toEqual([]);
  });

  it("waits for as long as its profile says now", () => {
    const script = fallingSilent({ d: 10 * minutes });
    const rules = ruleSet({
      alert: "Silent",
      select: { device: "d" },
      condition: { absent: { intervals: 2 } },
      severity: "info",
    });
    expect(told(run(rules, script.events))).toEqual(["firing for_elapsed info 12:20:00"]);
    const other = new GatewayScript().device("d", { intervalMs: 10 * minutes }).sample("d", 0, 20);
    other.device("d", { intervalMs: 20 * minutes }, minutes);
    for (let t = 0; t <= hours; t += 5 * s) other.watermark(t);
    expect(told(run(rules, other.events))).toEqual(["firing for_elapsed info 12:40:00"]);
  });
});
