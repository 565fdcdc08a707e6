import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checksum, checksumByTable, rewindChecksum } from "../../../src/buffer/format/checksum.ts";

describe("rewindChecksum()", () => {
  it("gives the seed that a checksum began with", () => {
    const bytes = Buffer.from("a record header, 24 byte");
    for (const seed of [0, 1, 0x80000000, 0xdeadbeef, 0xffffffff])
      expect(rewindChecksum(bytes, 3, 20, checksum(bytes, 3, 20, seed))).toBe(seed);
  });
});

describe("checksum()", () => {
  it("is the CRC-32 that everybody means", () => {
    expect(checksum(Buffer.from("123456789"), 0, 9, 0)).toBe(0xcbf43926);
  });

  it("is the same by the table and by zlib, for any part and any seed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(50),
        fc.nat(),
        (bytes, from, seed) => {
          const start = Math.min(from, bytes.length - 1);
          const expected = crc32(bytes.subarray(start), seed);
          expect(checksum(bytes, start, bytes.length, seed)).toBe(expected);
          expect(checksumByTable(bytes, start, bytes.length, seed)).toBe(expected);
        },
      ),
    );
  });
});
