import { describe, expect, it } from "vitest";
import type { Arm } from "./arm.ts";
import { arms } from "./arms.ts";
import { askedArms } from "./asked-arms.ts";

const arm = (goal: string, small: number, ci: number, nightly: number): Arm => ({
  ...{ goal, title: goal, figures: { small, ci, nightly } },
  missing: async () => undefined,
  run: () => expect.fail("nothing is run here"),
});
const all = [arm("R1", 1, 10, 100), arm("R2", 0, 20, 200), arm("R3", 0, 0, 300)];
const figures = (...words: string[]) => {
  const asked = askedArms(words, all);
  if (typeof asked === "string") return asked;
  return Object.fromEntries(asked.map((one) => [one.arm.goal, one.figure]));
};

describe("askedArms", () => {
  it("gives all arms that have a figure of the scale", () => {
    expect(figures()).toEqual({ R1: 10, R2: 20 });
    expect(figures("--small")).toEqual({ R1: 1 });
    expect(figures("--nightly")).toEqual({ R1: 100, R2: 200, R3: 300 });
  });

  it("never gives nothing for an arm that is named: its next larger figure is run", () => {
    expect(figures("--small", "R2")).toEqual({ R2: 20 });
    expect(figures("R3", "R1")).toEqual({ R1: 10, R3: 300 });
    for (const { goal } of arms)
      expect(askedArms(["--small", goal], arms)).toHaveLength(
        arms.filter((one) => one.goal === goal).length,
      );
  });

  it("gives back a word that names nothing", () => {
    expect(figures("R1", "R99")).toBe("R99");
  });
});
