import { describe, expect, test } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";
import { programFor } from "../../src/cli/program-for.ts";

describe("the program for what is typed first", () => {
  test.each(["run", "up"])("%s is read and explained as in the whole tree", async (name) => {
    const alone = (await programFor(name)).commands.find((one) => one.name() === name);
    const whole = buildProgram().commands.find((one) => one.name() === name);
    expect(alone?.helpInformation()).toBe(whole?.helpInformation());
    expect(alone?.helpInformation()).toContain(`sluicegate ${name}`);
  });

  test("everything else has the whole tree, to be corrected by", async () => {
    const names = buildProgram().commands.map((one) => one.name());
    for (const typed of ["statsu", "--help", undefined])
      expect((await programFor(typed)).commands.map((one) => one.name())).toEqual(names);
  });
});
