import { expect, test } from "vitest";
import { GatewayScript, ruleSet, run, s } from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: -15 } },
  severity: "warning",
};

function handlingOf(rule: object): unknown {
  const script = new GatewayScript()
    .device("f1")
    .sample("f1", 10 * s, -10)
    .watermark(11 * s);
  return run(ruleSet({ ...warm, ...rule }), script.events)[0]?.handling;
}

test("what a rule says about handling travels with each transition", () => {
  const suppressed_by = [{ alert: "GatewayOffline", equal: ["gateway"] }];
  expect(
    handlingOf({
      latch: true,
      ack_required: true,
      renotify_every: "30m",
      flapping: { changes: 4 },
      suppressed_by,
      notify: ["siren"],
      runbook_url: "https://wiki.example.org/warm",
    }),
  ).toEqual({
    latch: true,
    ack_required: true,
    renotify_every_ms: 1_800_000,
    flapping: { changes: 4, within_ms: 600_000 },
    suppressed_by,
    notify: ["siren"],
    runbook_url: "https://wiki.example.org/warm",
  });
  expect(handlingOf({ flapping: "off" })).toEqual({ flapping: "off" });
});

test("what is as usual is left out", () => {
  expect(handlingOf({})).toBeUndefined();
  const usual = { latch: false, ack_required: false, flapping: { changes: 6, within: "10m" } };
  expect(handlingOf(usual)).toBeUndefined();
  expect(handlingOf({ severity: "critical", ack_required: true })).toBeUndefined();
  expect(handlingOf({ severity: "critical", ack_required: false })).toEqual({
    ack_required: false,
  });
});
