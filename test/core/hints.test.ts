import { describe, expect, it } from "vitest";
import { durationHint, durationHintFor } from "../../src/core/duration.ts";

describe("durationHintFor", () => {
  it.each([
    ["10 minutes", "write 10m"],
    ["5 min", "write 5m"],
    ["90sec", "write 90s"],
    ["1h30m", "write 90m"],
    ["2 Days", "write 2d"],
    ["10", "write 10s or 10m"],
    ["soon", durationHint],
    ["5 parsecs", durationHint],
    ["", durationHint],
  ])("answers %j with %j", (text, hint) => {
    expect(durationHintFor(text)).toBe(hint);
  });
});
