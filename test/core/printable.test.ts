import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../src/core/printable.ts";

/** Any UTF-16 text, halves of pairs included. */
const units = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

describe("text of strangers on a terminal", () => {
  it("shows escapes and line ends instead of obeying them", () => {
    expect(printable("\u001b]0;owned\u0007\u001b[2Jall is well\r\nENDED\tx")).toBe(
      "\\u001b]0;owned\\u0007\\u001b[2Jall is well\\r\\nENDED\\tx",
    );
    expect(printable("\u009b31m \u007f \u2028 \u2029 \u202e \u2066 \u061c")).toBe(
      "\\u009b31m \\u007f \\u2028 \\u2029 \\u202e \\u2066 \\u061c",
    );
  });

  it("leaves text of any language, joined emoji and backslashes as they are", () => {
    const text = "Gefriertruhe 7 · 冷凍庫 · فريزر · می‌خواهم · 👩‍🔧 · C:\\temp";
    expect(printable(text)).toBe(text);
  });

  it("shows half of a surrogate pair, and keeps whole ones", () => {
    expect(printable("a\ud83d b\udc00 😀")).toBe("a\\ud83d b\\udc00 😀");
  });

  it("leaves JSON in one line the same JSON", () => {
    fc.assert(
      fc.property(units, (text) => {
        expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
      }),
    );
  });

  it("gives one line without a control, whatever it is given", () => {
    fc.assert(
      fc.property(units, (text) => {
        expect(printable(text)).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u);
      }),
    );
  });
});
