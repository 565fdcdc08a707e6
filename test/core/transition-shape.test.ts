import { describe, expect, test } from "vitest";
import { isTransition } from "../../src/core/transition-shape.ts";

const good = {
  schema: "alert.transition/1",
  id: "e.1",
  episode: "e",
  n: 1,
  instance: "i",
  rule: "g/A",
  rule_rev: "r",
  state: "firing",
  reason: "for_elapsed",
  severity: "warning",
  late: false,
  stale: false,
  labels: { site: "plant-a" },
  annotations: {},
  started_at: "2026-11-21T12:00:00.000Z",
  fired_at: "2026-11-21T12:00:00.000Z",
  ended_at: null,
  at: "2026-11-21T12:00:00.000Z",
  observed_at: "2026-11-21T12:00:01.000Z",
};

describe("a transition of the alerts stream", () => {
  test.each([
    {},
    { ended_at: "2026-11-21T12:05:00.000Z", state: "ended" },
    { handling: {} },
    { handling: { latch: true, notify: ["siren"], renotify_every_ms: 60_000 } },
    { handling: { flapping: { changes: 6, within_ms: 1 }, suppressed_by: [] } },
    { handling: { suppressed_by: [{ alert: "A", equal: ["site"] }], later: "x" } },
    { value: 5, limit: [1, 2], unit: "Cel", score: 4.5, expected: null },
    { value: true, limit: "open", read_up_to: "gw1.aaaaaaaa.5", read_also: ["gw2.aaaaaaaa.6"] },
    { started_at: "1970-01-01T00:00:00Z", evaluated: "edge", quiet: true, later: "a word" },
  ])("is one with %j", (change) => {
    expect(isTransition({ ...good, ...change })).toBe(true);
  });

  test.each([
    { n: 0 },
    { n: "1" },
    { at: "yesterday" },
    { fired_at: "" },
    { observed_at: 5 },
    { ended_at: "never" },
    { ended_at: undefined },
    { labels: { site: 5 } },
    { handling: "loud" },
    { handling: { notify: "siren" } },
    { handling: { notify: [5] } },
    { handling: { renotify_every_ms: 0 } },
    { handling: { renotify_every_ms: "1m" } },
    { handling: { runbook_url: {} } },
    { handling: { latch: [[[]]] } },
    { handling: { suppressed_by: [{ alert: "A", equal: [["site"]] }] } },
    { n: 0.5 },
    { n: 2 ** 53 },
    { id: "e.1\r\nx-evil: 1" },
    { id: "" },
    { episode: "x".repeat(129) },
    { instance: "a b" },
    { severity: "toString" },
    { state: "ended", ended_at: "5" },
    { started_at: "+275760-09-13T00:00:00.000Z" },
    { started_at: "2026-11-21T12:00:00.000" },
    { fired_at: "9999-12-31T23:59:59Z" },
    { at: "Sat, 21 Nov 2026 12:00:00 GMT" },
    { late: "yes" },
    { stale: {} },
    { value: { toString: 1 } },
    { limit: [[1], {}] },
    { limit: [1, 2, 3] },
    { unit: 5 },
    { unit: "x".repeat(300) },
    { score: "high" },
    { read_also: [5] },
    { labels: { site: "x".repeat(5_000) } },
    { annotations: { summary: "x".repeat(5_000) } },
    { annotations: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`a${n}`, ""])) },
    { later: { deep: [[[]]] } },
  ])("is none where a reader would rest on %j", (change) => {
    expect(isTransition({ ...good, ...change })).toBe(false);
  });
});
