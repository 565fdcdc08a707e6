import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeToken, unescapeToken } from "../../src/core/token.ts";

describe("escapeToken()", () => {
  it("leaves plain names alone", () => {
    expect(escapeToken("freezer-07_B")).toBe("freezer-07_B");
  });

  it("writes every other byte as =HH", () => {
    expect(escapeToken("a.b>c*d e=f/ü")).toBe("a=2Eb=3Ec=2Ad=20e=3Df=2F=C3=BC");
  });

  it("takes no more memory than its characters, since many are kept", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    collect();
    const beforeBytes = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 2_000 }, (_, at) => escapeToken(`${at}`.padEnd(64, "ü")));
    collect();
    const keptBytes = process.memoryUsage().heapUsed - beforeBytes;
    expect(keptBytes).toBeLessThan(4 * kept.reduce((sum, token) => sum + token.length, 0));
  });

  it("comes back for every name, and never gives the gateway's own token", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        const token = escapeToken(name);
        expect(token).toMatch(/^(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+$/);
        expect(unescapeToken(token)).toBe(name);
      }),
    );
  });
});

describe("unescapeToken()", () => {
  it.each(["", "=", "a=2", "a=2e", "a.b", "=FF", "=41"])(
    "refuses %j, which nothing escapes to",
    (token) => {
      expect(unescapeToken(token)).toBeUndefined();
    },
  );
});
