import { expect, test } from "vitest";
import { readParams } from "../../src/cli/send-params.ts";

test("a parameter is taken as it is named, or refused, and never lost", () => {
  expect(readParams(["constructor=1", "level=-2.5", "on=true", "note="], undefined)).toEqual({
    constructor: 1,
    level: -2.5,
    on: true,
    note: "",
  });
  for (const name of ["__proto__", "Level", "a b", "1st", "a.b"])
    expect(() => readParams([`${name}=1`], undefined)).toThrow("is no name of a parameter");
});
