import { describe, expect, it } from "vitest";
import { decodeText } from "../../src/config/decode-text.ts";

describe("decodeText", () => {
  it("reads UTF-8, with a byte order mark or without", () => {
    expect(decodeText(Buffer.from("site: Köln\n"))).toEqual({ ok: true, text: "site: Köln\n" });
    expect(decodeText(Buffer.from("\uFEFFa: 1"))).toEqual({ ok: true, text: "a: 1" });
    expect(decodeText(new Uint8Array())).toEqual({ ok: true, text: "" });
  });

  it.each([
    [
      "a letter of Latin-1",
      [...Buffer.from("a: 1\nsite: K"), 0xf6, ...Buffer.from("ln\n")],
      "0xF6",
      2,
      8,
    ],
    ["one behind letters that are right", [...Buffer.from("é: ü"), 0xe4], "0xE4", 1, 5],
    ["a sequence that breaks off at the end", [0x61, 0xe2, 0x82], "0xE2", 1, 2],
    ["a byte in the middle of nothing", [0x80], "0x80", 1, 1],
    ["a surrogate", [0x61, 0xed, 0xa0, 0x80], "0xED", 1, 2],
  ])("says where the first wrong byte is: %s", (_, bytes, byte, line, column) => {
    expect(decodeText(Uint8Array.from(bytes))).toMatchObject({
      ok: false,
      message: `byte ${byte} is not UTF-8`,
      place: { line, column },
    });
  });

  it("knows UTF-16 when it sees it", () => {
    const bytes = Buffer.from("\uFEFFsite: a\n", "utf16le");
    expect(decodeText(bytes)).toMatchObject({ ok: false, message: "is UTF-16" });
  });
});
