import { expect, test } from "vitest";
import { durationFlag, expiresFlag } from "../../src/cli/flag-values.ts";

test("a duration is more than none, and said so where it is not", () => {
  expect(durationFlag("--timeout", "90s")).toBe(90_000);
  expect(() => durationFlag("--timeout", "0s")).toThrow("--timeout 0s is no time at all");
  expect(() => durationFlag("--timeout", "10 minutes")).toThrow("write 10m");
});

test("a command is valid for a month at most, which is said before it is stored", () => {
  expect(expiresFlag(undefined)).toBeUndefined();
  expect(expiresFlag("31d")).toBe(31 * 86_400_000);
  expect(() => expiresFlag("32d")).toThrow(
    "--expires 32d is too long: no command is valid for more than 31d",
  );
});
