import { describe, expect, it } from "vitest";
import { memberLines } from "../../src/cli/member-text.ts";
import { toDeviceId } from "../../src/core/ids.ts";

describe("the devices of a bus", () => {
  it("are one line, and one more for each that has trouble", () => {
    const fine = { device: toDeviceId("m1"), unit: 1, state: "online", misses: 0 } as const;
    const dead = {
      device: toDeviceId("m2"),
      unit: 2,
      state: "offline",
      misses: 7,
      lastAnswerMs: 1_000,
      trouble: "no answer in 1000 ms",
    } as const;
    expect(memberLines([fine, dead], 0.414, 61_000)).toEqual([
      "          1 of 2 devices answer   line 41 % busy",
      "          m2 (address 2)   last answer 1m ago   7 polls missed in a row   no answer in 1000 ms",
    ]);
    expect(memberLines([fine], 0, 0)).toEqual(["          1 of 1 device answers   line 0 % busy"]);
    expect(memberLines(undefined, undefined, 0)).toEqual([]);
  });
});
