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
  ])("is none where a reader would rest on %j", (change) => {
    expect(isTransition({ ...good, ...change })).toBe(false);
  });
});
