/** Files of the bundle take as many bytes of memory as they have letters. */
import { describe, expect, it } from "vitest";
import { asciiOnly } from "../../deploy/ascii-only.ts";

describe("the text of a bundle", () => {
  it("matches as before, and has no letter beyond ASCII", () => {
    const text = 'export const matches = /^(?:ns|µs|ß|😀)$/.test(process.argv[1] ?? "");';
    const changed = asciiOnly(text);
    expect(changed).toMatch(/^[ -~]*$/);
    const written = /\/(.*)\//.exec(changed)?.[1] ?? "";
    for (const word of ["ns", "µs", "ß", "😀"]) expect(word).toMatch(new RegExp(written));
    expect("us").not.toMatch(new RegExp(written));
  });

  it("stays as it is where there is nothing to change", () => {
    expect(asciiOnly("const a = 'b\\n';\n")).toBe("const a = 'b\\n';\n");
  });
});
