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

test("a rule that fails is told with the device that it failed with last", () => {
  const failure = { rule: "g/Overload", error: "no such overload", failures: 2 };
  const partition = {
    partition: 1,
    held: true,
    sinceMs: 0,
    checkpointMs: 0,
    mishaps: undefined,
    rules: undefined,
    devices: undefined,
    firing: undefined,
    gateways: [],
  };
  const partitions = [
    { ...partition, failingRules: [{ ...failure, device: "one", at: "2026-11-21T12:00:00.000Z" }] },
    { ...partition, failingRules: [{ ...failure, device: "two", at: "2026-11-21T13:00:00.000Z" }] },
  ];
  expect(describeRoles({ processor: { elsewhere: [], partitions } }, 1_000)).toContain(
    "          g/Overload failed 4 times, last with two at 2026-11-21T13:00:00.000Z: no such overload\n",
  );
  const well = { processor: { elsewhere: [], partitions: [partition] } };
  expect(describeRoles(well, 1_000)).not.toContain("failed");
});
