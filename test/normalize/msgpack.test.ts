/** MessagePack, held against the cases of its public test suite and what an encoder really writes. */
import { ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { msgpack } from "../../src/normalize/codecs/msgpack.ts";
import { decode } from "../../src/normalize/decode.ts";

const read = (hex: string) => decode(msgpack, Buffer.from(hex.replace(/[\s-]/g, ""), "hex"), 0);
const valueIn = (hex: string): unknown => {
  const decoded = read(hex);
  return decoded.ok ? decoded.value : decoded.reason;
};

describe("each way to write a value", () => {
  it.each([
    [null, ["c0"]],
    [false, ["c2"]],
    ["00ff", ["c4-02-00-ff", "c5-00-02-00-ff", "c6-00-00-00-02-00-ff"]],
    [
      127,
      ["7f", "cc-7f", "cd-00-7f", "ce-00-00-00-7f", "cf-00-00-00-00-00-00-00-7f", "d0-7f"].concat([
        "d1-00-7f",
        "d2-00-00-00-7f",
        "d3-00-00-00-00-00-00-00-7f",
      ]),
    ],
    [4_294_967_295, ["ce-ff-ff-ff-ff", "cb-41-ef-ff-ff-ff-e0-00-00"]],
    [-32, ["e0", "d0-e0", "d1-ff-e0", "d2-ff-ff-ff-e0", "d3-ff-ff-ff-ff-ff-ff-ff-e0"]],
    [-32_768, ["d1-80-00", "ca-c7-00-00-00", "cb-c0-e0-00-00-00-00-00-00"]],
    [0.5, ["ca-3f-00-00-00", "cb-3f-e0-00-00-00-00-00-00"]],
    [21.4, ["ca-41-ab-33-33", "cb-40-35-66-66-66-66-66-66"]],
    [null, ["ca-7f-80-00-00", "cb-7f-f8-00-00-00-00-00-00"]],
    ["9223372036854775807", ["d3-7f-ff-ff-ff-ff-ff-ff-ff"]],
    ["18446744073709551615", ["cf-ff-ff-ff-ff-ff-ff-ff-ff"]],
    ["-9223372036854775808", ["d3-80-00-00-00-00-00-00-00"]],
    ["a", ["a1-61", "d9-01-61", "da-00-01-61", "db-00-00-00-01-61"]],
    ["キ", ["a3-e3-82-ad"]],
    [[1], ["91-01", "dc-00-01-01", "dd-00-00-00-01-01"]],
    [{ a: 1 }, ["81-a1-61-01", "de-00-01-a1-61-01", "df-00-00-00-01-a1-61-01"]],
    [{ 1: "x", true: 2 }, ["82-01-a1-78-c3-02"]],
    ["2018-01-02T03:04:05Z", ["d6-ff-5a-4a-f6-a5"]],
    [
      "2018-01-02T03:04:05.678901234Z",
      ["d7-ff-a1-dc-d7-c8-5a-4a-f6-a5", "c7-0c-ff-28-77-35-f2-00-00-00-00-5a-4a-f6-a5"],
    ],
    ["1969-12-31T23:59:59.001Z", ["c7-0c-ff-00-0f-42-40-ff-ff-ff-ff-ff-ff-ff-ff"]],
    [{ type: 1, data: "10" }, ["d4-01-10"]],
    [{ type: -2, data: "2021" }, ["d5-fe-20-21", "c7-02-fe-20-21", "c8-00-02-fe-20-21"]],
  ])("%j", (value, forms) => {
    for (const form of forms) expect(valueIn(form)).toEqual(value);
  });
});

describe("what does not fit costs no other value", () => {
  it.each([
    ["a key that stands twice", "83 a174 01 a174 02 a168 03", { t: null, h: 3 }],
    ["a key that is none", "82 c0 01 a168 03", { h: 3 }],
    ["a text that is not UTF-8", "82 a174 a2c328 a168 03", { t: null, h: 3 }],
    ["a time of more than a second's nanoseconds", "81 a174 d7fffffffffc00000000", { t: null }],
    ["a time after the year 9999", "81 a174 c70cff000000007fffffffffffffff", { t: null }],
    ["a time of three bytes", "81 a174 c703ff010203", { t: null }],
    ["NULs behind it", "81a16803 0000", { h: 3 }],
  ])("%s", (_, hex, value) => {
    expect(read(hex)).toMatchObject({ ok: true, value, misfits: [expect.any(String)] });
  });
});

describe("what cannot be read is told with its place", () => {
  it.each([
    ["", "payload ends after 0 bytes"],
    ["c1", "the one byte that means nothing"],
    ["ddffffffff", "payload ends before the 4294967295 members that are declared at byte 5"],
    ["dd01ffffff", "before the 33554431 members"],
    ["dfffffffff", "before the 4294967295 members"],
    ["dbffffffff", "payload ends after 5 bytes"],
    ["c9ffffffff01", "payload ends after 6 bytes"],
    ["0102", "1 bytes stand behind the value"],
    ["91".repeat(100_000), "nested deeper than 64"],
    ["dd00001000".repeat(200_000), "nested deeper than 64"],
  ])("%.20s", (hex, reason) => {
    expect(valueIn(hex)).toContain(reason);
  });
});

test("what another encoder writes is what it was given", () => {
  const finite = fc.double({ noDefaultInfinity: true, noNaN: true });
  const leaf = fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.maxSafeInteger(), finite);
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("tree"), { maxLength: 5 }),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  fc.assert(
    fc.property(tree, (value) => {
      const decoded = decode(msgpack, encode(value), 0);
      expect(decoded.ok && plain(decoded.value)).toEqual(plain(value));
    }),
  );
  const extended = encode({ x: new ExtData(5, Uint8Array.of(1)), at: new Date(1.5) });
  expect(decode(msgpack, extended, 0)).toEqual({
    ok: true,
    value: { x: { type: 5, data: "01" }, at: "1970-01-01T00:00:00.001Z" },
  });
});
