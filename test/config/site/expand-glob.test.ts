import { describe, expect, it } from "vitest";
import { expandGlob } from "../../../src/config/site/expand-glob.ts";
import { memorySite } from "../../support/memory-site.ts";

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
