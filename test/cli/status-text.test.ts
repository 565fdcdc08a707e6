import { expect, test } from "vitest";
import { describeRoles } from "../../src/cli/status-text.ts";

test("a plan that calls a person is among what fires, though no partition judges it", () => {
  const runs = [
    { run: "shut-1", plan: "shut", state: "stuck" as const, why: "no answer", stuckMs: 0 },
    { run: "shut-2", plan: "shut", state: "running" as const },
  ];
  const plans = { held: true, runs, open: 2, stuck: 1, waiting: 0 };
  const said = describeRoles({ processor: { elsewhere: [], partitions: [], plans } }, 1_000);
  expect(said).toContain("Alerts    1 critical firing\n");
  expect(said).toContain(
    "critical   sluicegate/PlanStuck   shut-1   since 1970-01-01T00:00:00.000Z\n",
  );
});
