import { describe, expect, it } from "vitest";
import { againWords } from "../../src/console/screens/dead-letters/again-words.ts";
import { hexLines } from "../../src/console/screens/dead-letters/hex-lines.ts";

const none = { read: 0, rejected: 0, passedOver: 0, unusable: 0, more: false, complete: true };

describe("bytes in lines", () => {
  it("stand in two columns of eight, with what can be printed beside them", () => {
    const lines = hexLines("7b2274223a312e7d00ff41424344454647");
    expect(lines).toEqual([
      {
        offset: "0000",
        hex: "7b 22 74 22 3a 31 2e 7d  00 ff 41 42 43 44 45 46",
        text: '{"t":1.}..ABCDEF',
      },
      { offset: "0010", hex: "47", text: "G" },
    ]);
  });

  it("are half as many a line where there is little room", () => {
    expect(hexLines("000102030405060708", 8).map(({ hex }) => hex)).toEqual([
      "00 01 02 03 04 05 06 07",
      "08",
    ]);
  });

  it("nothing has no lines", () => {
    expect(hexLines("")).toEqual([]);
  });
});

describe("what trying came to", () => {
  it("says how many would pass, and what of the others", () => {
    expect(againWords({ ...none, read: 12, rejected: 2, made: null })).toEqual({
      head: "12 of 14 would pass now",
      rest: ["2 still fail"],
    });
  });

  it("of what was stored it says stored, and that more are left or out of reach", () => {
    const made = { event: "e", atMs: 1 };
    const words = againWords({ ...none, read: 1, unusable: 1, more: true, complete: false, made });
    expect(words.head).toBe("1 of 2 stored");
    expect(words.rest).toHaveLength(3);
  });

  it("says where nothing was left to do", () => {
    expect(againWords({ ...none, made: null }).head).toBe("None of them waits any more.");
  });
});
