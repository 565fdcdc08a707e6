/** CBOR, held against the examples of its standard and what encoders really write. */
import { encode } from "cborg";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { cbor } from "../../src/normalize/codecs/cbor.ts";
import { senml } from "../../src/normalize/codecs/senml.ts";
import { senmlCbor } from "../../src/normalize/codecs/senml-cbor.ts";
import { decode } from "../../src/normalize/decode.ts";
import { receivedMs } from "./given.ts";

const read = (hex: string) => decode(cbor, Buffer.from(hex.replaceAll(" ", ""), "hex"), 0);
const valueIn = (hex: string): unknown => {
  const decoded = read(hex);
  return decoded.ok ? decoded.value : decoded.reason;
};

describe("an example of RFC 8949, appendix A", () => {
  it.each([
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1903e8", 1_000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["1bffffffffffffffff", "18446744073709551615"],
    ["c249010000000000000000", "18446744073709551616"],
    ["3bffffffffffffffff", "-18446744073709551616"],
    ["c349010000000000000000", "-18446744073709551617"],
    ["20", -1],
    ["3863", -100],
    ["3903e7", -1_000],
    ["f90000", 0],
    ["f93c00", 1],
    ["fb3ff199999999999a", 1.1],
    ["f93e00", 1.5],
    ["f97bff", 65_504],
    ["fa47c35000", 100_000],
    ["fa7f7fffff", 3.4028235e38],
    ["fb7e37e43c8800759c", 1e300],
    ["f90400", 0.00006104],
    ["f9c400", -4],
    ["fbc010666666666666", -4.1],
    ["f97c00", null],
    ["f97e00", null],
    ["fa7f800000", null],
    ["fbfff0000000000000", null],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["f7", null],
    ["f0", null],
    ["f8ff", null],
    ["c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z"],
    ["c11a514b67b0", 1_363_896_240],
    ["c1fb41d452d9ec200000", 1_363_896_240.5],
    ["d74401020304", "01020304"],
    ["d818456449455446", "6449455446"],
    ["d82076687474703a2f2f7777772e6578616d706c652e636f6d", "http://www.example.com"],
    ["40", ""],
    ["4401020304", "01020304"],
    ["60", ""],
    ["62225c", '"\\'],
    ["62c3bc", "ü"],
    ["64f0908591", "𐅑"],
    ["80", []],
    ["8301820203820405", [1, [2, 3], [4, 5]]],
    ["a0", {}],
    ["a201020304", { 1: 2, 3: 4 }],
    ["a26161016162820203", { a: 1, b: [2, 3] }],
    ["826161a161626163", ["a", { b: "c" }]],
    ["5f42010243030405ff", "0102030405"],
    ["7f657374726561646d696e67ff", "streaming"],
    ["9fff", []],
    ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
    ["83018202039f0405ff", [1, [2, 3], [4, 5]]],
    ["bf61610161629f0203ffff", { a: 1, b: [2, 3] }],
    ["bf6346756ef563416d7421ff", { Fun: true, Amt: -2 }],
  ])("%s is %j", (hex, value) => {
    expect(valueIn(hex)).toEqual(value);
  });
});

describe("what tags say", () => {
  it.each([
    ["a decimal fraction", "c48221196ab3", 273.15],
    ["one with a large mantissa", "c48222c243010000", 65.536],
    ["a binary fraction", "c5822003", 1.5],
    ["that it is CBOR", "d9d9f7a1617401", { t: 1 }],
    ["what nobody knows", "d9ffff01", 1],
    ["small numbers in a row", "d84043010203", [1, 2, 3]],
    ["signed ones, the lowest byte first", "d84d44feff0100", [-2, 1]],
    ["signed ones, the highest byte first", "d84944fffe0001", [-2, 1]],
    ["halves, the lowest byte first", "d854445a4d007e", [21.4, null]],
    ["singles, the highest byte first", "d8514841ab33337f800000", [21.4, null]],
    ["doubles", "d852484035666666666666", [21.4]],
    ["large ones", "d84348ffffffffffffffff", ["18446744073709551615"]],
  ])("%s", (_, hex, value) => {
    expect(valueIn(hex)).toEqual(value);
  });
});

test("numbers of 32 bits are the decimal numbers that were stored", () => {
  expect(valueIn("82fa41ab3333fa3dcccccd")).toEqual([21.4, 0.1]);
});

test("whole numbers of 32 bits are themselves, as long as a number holds them", () => {
  expect(valueIn("83fa4f000000fa57800000fad7800000")).toEqual([
    2_147_483_648, 281_474_976_710_656, -281_474_976_710_656,
  ]);
});

describe("what does not fit costs no other value", () => {
  it.each([
    ["a key that stands twice", "a3 6174 01 6174 02 6168 03", { t: null, h: 3 }],
    ["a key that is a list", "a2 80 01 6168 03", { h: 3 }],
    ["a text that is not UTF-8", "a2 6174 62c328 6168 03", { t: null, h: 3 }],
    ["a number beyond reason", `a2 6174 c2 5841 ${"ff".repeat(65)} 6168 03`, { t: null, h: 3 }],
    ["a fraction of nothing", "a2 6174 c4 6161 6168 03", { t: null, h: 3 }],
    ["NULs behind it", "a1616803 000000", { h: 3 }],
  ])("%s", (_, hex, value) => {
    expect(read(hex)).toMatchObject({ ok: true, value, misfits: [expect.any(String)] });
  });

  it("such as a key that stands twice with the same value", () => {
    expect(read("a2 6174 01 6174 01")).toEqual({ ok: true, value: { t: 1 } });
  });

  it("and keys that are the prototype's are keys", () => {
    const decoded = valueIn("a2 69 5f5f70726f746f5f5f a1 6161 01 61 74 02");
    expect(JSON.stringify(decoded)).toBe('{"__proto__":{"a":1},"t":2}');
    expect(decoded).not.toHaveProperty("a");
  });
});

describe("what cannot be read is told with its place", () => {
  it.each([
    ["", "payload ends after 0 bytes, in what begins at byte 0"],
    ["a1", "payload ends before the 1 members that are declared at byte 1"],
    ["9bffffffffffffffff", "before the 18446744073709551615 members"],
    ["9a00ffffff00", "before the 16777215 members"],
    ["5bffffffffffffffff00", "payload ends after 10 bytes"],
    ["7affffffff", "payload ends after 5 bytes"],
    ["ff", "an end of nothing"],
    ["1c", "28 is the length of nothing"],
    ["1f", "a number without an end"],
    ["df00", "a number without an end"],
    ["9f01", "payload ends after 2 bytes"],
    ["5f6161ff", "a part of a string that is none"],
    ["5f5f4101ffff", "a part of a string that is none"],
    ["0001", "1 bytes stand behind the value"],
    ["81".repeat(65), "nested deeper than 64"],
    ["c1".repeat(100_000), "nested deeper than 64"],
    ["9f".repeat(500_000), "nested deeper than 64"],
    [`9a00020000${"a0".repeat(131_072)}`, "more than 131072 lists, objects and keys"],
    [`ba00020000${"6001".repeat(131_072)}`, "more than 131072 lists, objects and keys"],
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
      const decoded = decode(cbor, encode(value, { float64: true }), 0);
      expect(decoded.ok && plain(decoded.value)).toEqual(plain(value));
    }),
  );
});

test("SenML in CBOR is what it is in JSON, by the example of RFC 8428, 6", () => {
  const json = [
    { bn: "urn:dev:ow:10e2073a0108006:", bt: 1.276020076001e9, bu: "A", bver: 5 },
    { n: "voltage", u: "V", v: 120.1 },
    { n: "current", t: -5, v: 1.2 },
    { n: "current", t: -4, v: 1.3 },
    { n: "current", v: 1.7 },
  ];
  const hex = `85
    a4 21 78 1b 75726e3a6465763a6f773a313065323037336130313038303036 3a
       22 fb 41d303a15b001062 23 61 41 20 05
    a3 00 67 766f6c74616765 01 61 56 02 fb 405e066666666666
    a3 00 67 63757272656e74 06 24 02 fb 3ff3333333333333
    a3 00 67 63757272656e74 06 23 02 fb 3ff4cccccccccccd
    a2 00 67 63757272656e74 02 fb 3ffb333333333333`;
  const bytes = Buffer.from(hex.replace(/\s/g, ""), "hex");
  const decoded = decode(senmlCbor, bytes, receivedMs);
  expect(decoded).toMatchObject({ ok: true });
  expect(decoded).toEqual(decode(senml, Buffer.from(JSON.stringify(json)), receivedMs));
});

test("values of SenML in CBOR may be texts, booleans, bytes, sums and decimal fractions", () => {
  const hex = `85
    a3 21 63 643a31 00 61 61 03 62 6f6e
    a2 00 61 62 04 f5
    a2 00 61 63 08 42 fbff
    a2 00 61 64 05 18 2a
    a2 00 61 65 02 c4 82 20 18 d7`;
  const decoded = decode(senmlCbor, Buffer.from(hex.replace(/\s/g, ""), "hex"), receivedMs);
  expect(decoded).toMatchObject({
    ok: true,
    value: [{ base: "d:1", values: { a: "on", b: true, c: "-_8", e: 21.5 }, sums: { d: 42 } }],
  });
});
