/** An alert as the server sends it, with what a test wants to be different. */
import type { AlertRow } from "../../src/api/shapes/alert.ts";

export function alertRow(instance: string, changed: Partial<AlertRow> = {}): AlertRow {
  return {
    ...{ instance, site: "plant-a", gateway: "gw1", device: "freezer-07" },
    ...{ deviceKey: "plant-a.gw1.freezer-07", rule: "plant-a/FreezerWarm", severity: "warning" },
    ...{ state: "unacknowledged", isFiring: true, summary: "too warm" },
    ...{ value: "-11.4 °C", limit: "> -15 °C", labels: {}, startedMs: 1_000, firedMs: 2_000 },
    ...{ endedMs: null, learnedMs: 2_000, isLate: false, isStale: false, ackRequired: true },
    ...{ isFlapping: false, acked: null, shelf: null, outOfService: null, suppressedBy: null },
    judgedAt: "hub",
    ...changed,
  };
}
