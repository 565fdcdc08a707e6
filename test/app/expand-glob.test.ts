import { describe, expect, it } from "vitest";
import { expandGlob, matchesPattern } from "../../src/app/expand-glob.ts";
import { memorySite } from "../support/memory-site.ts";

const files = memorySite({
  "etc/rules/b.yaml": "",
  "etc/rules/a.yaml": "",
  "etc/rules/.hidden.yaml": "",
  "etc/rules/notes.txt": "",
  "etc/sites/north/rules.yaml": "",
  "etc/sites/south/rules.yaml": "",
  "/abs/rules/x.yaml": "",
});

describe("expandGlob", () => {
  it.each([
    ["etc/rules/*.yaml", ["etc/rules/a.yaml", "etc/rules/b.yaml"]],
    ["etc/sites/*/rules.yaml", ["etc/sites/north/rules.yaml", "etc/sites/south/rules.yaml"]],
    ["/abs/*/x.yaml", ["/abs/rules/x.yaml"]],
    ["none/*.yaml", []],
    ["etc/rules/a.yaml", ["etc/rules/a.yaml"]],
  ])("finds the files of %s in the order of their names", async (pattern, found) => {
    expect(await expandGlob(pattern, files, () => {})).toEqual(found);
  });
});

describe("matchesPattern", () => {
  it.each([
    ["acme/*", "acme/fz-200", true],
    ["*", "anything/at all", true],
    ["a.c", "abc", false],
    ["acme/fz", "acme/fz-200", false],
    ["*-200", "acme/fz-200", true],
  ])("%s, %s: %s", (pattern, name, fits) => {
    expect(matchesPattern(pattern, name)).toBe(fits);
  });
});
