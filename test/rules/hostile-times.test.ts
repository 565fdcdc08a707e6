import { describe, expect, test } from "vitest";
import { type WindowCondition, WindowSignal } from "../../src/rules/signals/window-signal.ts";
import { GroupPanes } from "../../src/rules/together/group-panes.ts";
import { at, GatewayScript, hours, minutes, ruleSet, run, s } from "./gateway-script.ts";

const year = 365 * 24 * hours;
const condition: WindowCondition = {
  kind: "window",
  metric: "door",
  agg: "count",
  overMs: 10 * minutes,
  everyMs: minutes,
  minCoverage: 0.5,
  levels: [],
};
/** Far more than anybody may look at one by one. */
const most = 50_000;

describe("a clock that goes ahead by centuries", () => {
  test("lets a count pass over the panes in which nothing was, and be known at the end", () => {
    const signal = new WindowSignal(condition);
    signal.take(0, { name: "door", value: "open", quality: "good" }, 0);
    const reachMs = 300 * year;
    let steps = 0;
    let last: unknown;
    for (; signal.dueMs <= reachMs && steps < most; steps += 1) last = signal.pass(reachMs);
    expect(signal.dueMs).toBe(reachMs + minutes);
    expect(last).toMatchObject({ value: 0 });
  });

  test.each([
    ["one that is there", 0],
    ["one that is long gone", minutes],
  ])("lets the panes of many devices begin where something is: %s", (_, goneMs) => {
    const panes = new GroupPanes(condition);
    panes.move(1, 0);
    if (goneMs > 0) panes.move(-1, goneMs);
    const backMs = 300 * year;
    panes.move(1, backMs);
    panes.add(1, undefined, backMs);
    let count = 0;
    let last: unknown;
    for (const pane of panes.seal(backMs + 2 * minutes)) {
      last = pane;
      count += 1;
      if (count >= most) break;
    }
    expect(count).toBeLessThan(most);
    expect(last).toMatchObject({ startMs: backMs + minutes });
  });

  test("ends, whatever devices said of the time", () => {
    const rules = ruleSet(
      {
        alert: "Busy",
        select: { metric: "temperature" },
        per: "gateway",
        condition: { window: { agg: "count", over: "10m", above: 100 } },
        severity: "info",
      },
      {
        alert: "Warm",
        select: { metric: "temperature" },
        condition: { threshold: { above: 5 } },
        severity: "warning",
      },
    );
    const script = new GatewayScript().device("f1").device("f2");
    script
      .sample("f1", 0, 9)
      .sample("f2", -1_900 * year, 9, { receivedMs: 0 })
      .watermark(s);
    script.sample("f1", 6_900 * year, 9, { receivedMs: minutes }).watermark(2 * minutes);
    script
      .sample("f2", 3 * minutes, 9)
      .watermark(8 * hours)
      .watermark(6_900 * year);
    script.sample("f1", 9 * hours, 1).watermark(6_901 * year);
    const said = run(rules, script.events);
    expect(said[0]).toMatchObject({ rule: "g/Warm", started_at: at(0) });
  });
});
