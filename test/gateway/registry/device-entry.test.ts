import { describe, expect, it } from "vitest";
import { toDeviceId } from "../../../src/core/ids.ts";
import { newEntry, noteLife } from "../../../src/gateway/registry/device-entry.ts";

/** How often a device reported of late, after these distances between its messages. */
function spacingAfter(...distancesMs: readonly number[]): number {
  const entry = newEntry(toDeviceId("a"), 0, 1);
  let atMs = 1_000;
  noteLife(entry, atMs);
  for (const distanceMs of distancesMs) {
    atMs += distanceMs;
    noteLife(entry, atMs);
  }
  return entry.spacingMs ?? 0;
}

function times(count: number, distanceMs: number): readonly number[] {
  return Array<number>(count).fill(distanceMs);
}

describe("how often a device reports", () => {
  it("is hardly another after one long pause", () => {
    const afterPause = spacingAfter(...times(20, 3_000), 3_600_000);
    expect(afterPause).toBeGreaterThan(3_000);
    expect(afterPause).toBeLessThan(4_000);
  });

  it("follows a device that reports less often from now on, from any rhythm", () => {
    for (const before of [0, 10, 3_000])
      expect(spacingAfter(...times(20, before), ...times(80, 60_000))).toBeGreaterThan(59_000);
  });
});
