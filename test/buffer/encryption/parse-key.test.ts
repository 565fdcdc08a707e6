import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { formatKeyId, keyIdOf } from "../../../src/buffer/encryption/key-ring.ts";
import { parseKey } from "../../../src/buffer/encryption/parse-key.ts";

describe("a key", () => {
  it("is 32 bytes, in hex or in base64", () => {
    const key = randomBytes(32);
    expect(parseKey(key.toString("hex"))).toEqual(key);
    expect(parseKey(` ${key.toString("base64")}\n`)).toEqual(key);
  });

  it("is nothing that can be guessed, nor anything cut off", () => {
    const hex = randomBytes(32).toString("hex");
    for (const text of [
      "",
      "secret",
      "correct horse battery staple",
      hex.slice(1),
      `${hex}00`,
      "0".repeat(64),
    ])
      expect(parseKey(text)).toBeUndefined();
  });

  it("is told from others by eight digits", () => {
    const ids = Array.from({ length: 50 }, () => formatKeyId(keyIdOf(randomBytes(32))));
    expect(new Set(ids).size).toBe(50);
    expect(ids.every((id) => /^[0-9a-f]{8}$/.test(id))).toBe(true);
  });
});
