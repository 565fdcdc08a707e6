/** Layouts of bytes, held against published frames and test vectors. */
import { crc32 } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { type Checksum, checksumIn, checksumOf } from "../../src/core/checksums.ts";
import { structFields } from "../../src/normalize/codecs/struct.ts";
import { decode } from "../../src/normalize/decode.ts";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import { givenReader, outcomeOf, smallFile } from "./given.ts";

const read = (fields: readonly object[], hex: string) =>
  decode(structFields.parse(fields), Buffer.from(hex.replaceAll(" ", ""), "hex"), 0);
const valueIn = (fields: readonly object[], hex: string): unknown => {
  const decoded = read(fields, hex);
  return decoded.ok ? decoded.value : decoded.reason;
};

describe("a field", () => {
  it.each([
    ["u8", "ff", 255],
    ["i8", "ff", -1],
    ["u16be", "0102", 258],
    ["i16le", "feff", -2],
    ["u24be", "010203", 66_051],
    ["i24le", "feffff", -2],
    ["i24be", "800000", -8_388_608],
    ["u32le", "01000080", 2_147_483_649],
    ["i32be", "fffffffe", -2],
    ["u64be", "000000000000ffff", 65_535],
    ["i64le", "feffffffffffffff", -2],
    ["u64be", "ffffffffffffffff", "18446744073709551615"],
    ["sm8", "85", -5],
    ["sm16be", "8065", -101],
    ["sm16le", "0080", 0],
    ["sm32be", "7fffffff", 2_147_483_647],
    ["u32cdab", "00020001", 65_538],
    ["u32badc", "01000200", 65_538],
    ["i32cdab", "fffeffff", -2],
    ["f32cdab", "333341ab", 21.4],
    ["f32badc", "ab413333", 21.4],
    ["f16be", "4d5a", 21.4],
    ["f32be", "41ab3333", 21.4],
    ["f32le", "0000c07f", null],
    ["f64be", "4035666666666666", 21.4],
    ["bcd(3)", "012345", 12_345],
    ["bcdle(2)", "3412", 1_234],
    ["bcd(1)", "fa", null],
    ["text(6)", "414200585858", "AB"],
    ["hex(3)", "00ffA1", "00ffa1"],
    ["text(rest)", "c2b043", "°C"],
  ])("%s of %s is %o", (type, hex, value) => {
    expect(valueIn([{ name: "a", type }], hex)).toEqual({ a: value });
  });

  it("may be of some bits, signed too", () => {
    const fields = [
      { name: "a", type: "bits(3)" },
      { name: "b", type: "ibits(12)" },
      { name: "c", type: "bits(1)" },
      { name: "d", type: "u8" },
    ];
    expect(valueIn(fields, "bfff 07")).toEqual({ a: 5, b: -1, c: 1, d: 7 });
  });

  it("may be of some bits from the lowest on, signed too", () => {
    const fields = [
      { name: "a", type: "bitsle(3)" },
      { name: "b", type: "ibitsle(12)" },
      { name: "c", type: "bitsle(1)" },
    ];
    expect(valueIn(fields, "fdff")).toEqual({ a: 5, b: -1, c: 1 });
    expect(valueIn(fields, "0a00")).toEqual({ a: 2, b: 1, c: 0 });
  });

  it("may have a place, a scale, an offset and values that are none", () => {
    const fields = [
      { name: "t", type: "i16be", at: 1, scale: 0.005, none: [-32_768] },
      { name: "v", type: "u8", at: -1, scale: 0.01, offset: 1.6 },
    ];
    expect(valueIn(fields, "00 12fc 0a")).toEqual({ t: 24.3, v: 1.7 });
    expect(valueIn(fields, "00 8000 0a")).toEqual({ t: null, v: 1.7 });
  });
});

describe("bytes that do not fit a layout are told with their place", () => {
  it.each([
    [[{ name: "a", type: "u16be" }], "00", "payload ends at byte 1, in a at byte 0"],
    [[{ name: "a", type: "u8" }], "0001", "1 bytes stand behind the last field"],
    [
      [
        { name: "a", type: "u8" },
        { switch: "a", cases: { 1: [] } },
      ],
      "02",
      "nothing is said for a 2",
    ],
  ])("%j", (fields, hex, reason) => {
    expect(valueIn(fields, hex)).toBe(reason);
  });
});

test("RuuviTag data format 5, by the vectors of its specification", () => {
  const fields = [
    { name: "format", type: "u8" },
    { name: "temperature", type: "i16be", scale: 0.005, none: [-32_768] },
    { name: "humidity", type: "u16be", scale: 0.0025, none: [65_535] },
    { name: "pressure", type: "u16be", offset: 50_000, none: [65_535] },
    { name: "x", type: "i16be", scale: 0.001, none: [-32_768] },
    { name: "y", type: "i16be", scale: 0.001, none: [-32_768] },
    { name: "z", type: "i16be", scale: 0.001, none: [-32_768] },
    { name: "battery", type: "bits(11)", scale: 0.001, offset: 1.6, none: [2_047] },
    { name: "tx", type: "bits(5)", scale: 2, offset: -40, none: [31] },
    { name: "movements", type: "u8", none: [255] },
    { name: "sequence", type: "u16be", none: [65_535] },
    { name: "mac", type: "hex(6)" },
  ];
  expect(valueIn(fields, "0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F")).toEqual({
    format: 5,
    temperature: 24.3,
    humidity: 53.49,
    pressure: 100_044,
    x: 0.004,
    y: -0.004,
    z: 1.036,
    battery: 2.977,
    tx: 4,
    movements: 66,
    sequence: 205,
    mac: "cbb8334c884f",
  });
  expect(valueIn(fields, "057FFFFFFEFFFE7FFF7FFF7FFFFFDEFEFFFECBB8334C884F")).toMatchObject({
    temperature: 163.835,
    humidity: 163.835,
    pressure: 115_534,
    battery: 3.646,
    tx: 20,
  });
  expect(valueIn(fields, "058000FFFFFFFF800080008000FFFFFFFFFFFFFFFFFFFFFF")).toMatchObject({
    temperature: null,
    humidity: null,
    pressure: null,
    battery: null,
    sequence: null,
  });
});

test("values behind channel and type, any number of them, as Milesight sends them", () => {
  const fields = [
    {
      name: "values",
      repeat: "end",
      fields: [
        { name: "kind", type: "u16be" },
        {
          switch: "kind",
          cases: {
            "0x0175": [{ name: "battery", type: "u8" }],
            "0x0367": [{ name: "temperature", type: "i16le", scale: 0.1 }],
            "0x0468": [{ name: "humidity", type: "u8", scale: 0.5 }],
          },
        },
      ],
    },
  ];
  expect(valueIn(fields, "01755C 03673401 046865")).toEqual({
    values: [
      { kind: 0x0175, battery: 92 },
      { kind: 0x0367, temperature: 30.8 },
      { kind: 0x0468, humidity: 50.5 },
    ],
  });
  expect(valueIn(fields, "01755C 0999")).toBe("nothing is said for kind 2457");
});

test("what is repeated without a name stands among what is around", () => {
  const fields = [
    { name: "version", type: "u8" },
    {
      repeat: "end",
      fields: [
        { name: "kind", type: "u8" },
        {
          switch: "kind",
          cases: {
            "0x01": [{ name: "temperature", type: "i16be", scale: 0.1 }],
            "0x02": [{ name: "humidity", type: "u8" }],
            "0x03": [
              { name: "length", type: "u8" },
              { name: "label", type: "text(length)" },
            ],
          },
        },
      ],
    },
  ];
  expect(read(fields, "07 0100e2 0229 03026f6b")).toEqual({
    ok: true,
    value: { version: 7, temperature: 22.6, humidity: 41, label: "ok" },
  });
  expect(read(fields, "07 0100e2 0229 0229 0100e3")).toEqual({
    ok: true,
    value: { version: 7, temperature: null, humidity: 41 },
    misfits: ["temperature stands more than once"],
  });
});

test("fields come or not, by a bit of one in front, as Decentlab sends them", () => {
  const fields = [
    { name: "version", type: "u8" },
    { name: "device", type: "u16be" },
    { name: "flags", type: "u16be" },
    {
      if: "flags",
      bit: 0,
      fields: [
        { name: "depth", type: "u16be", offset: -32_768 },
        { name: "temperature", type: "u16be", scale: 0.1, offset: -3_276.8 },
        { name: "conductivity", type: "u16be" },
        { name: "freezing", type: "u16be" },
      ],
    },
    {
      if: "flags",
      bit: 1,
      fields: [{ name: "battery", type: "u16be", scale: 0.001 }],
      else: [{ name: "mains", type: "u8" }],
    },
  ];
  const head = { version: 2, device: 2_009 };
  expect(valueIn(fields, "02 07d9 0003 9088 8081 0064 0000 0c60")).toEqual({
    ...head,
    flags: 3,
    depth: 4_232,
    temperature: 12.9,
    conductivity: 100,
    freezing: 0,
    battery: 3.168,
  });
  expect(valueIn(fields, "02 07d9 0002 0c60")).toEqual({ ...head, flags: 2, battery: 3.168 });
  expect(valueIn(fields, "02 07d9 0000 01")).toEqual({ ...head, flags: 0, mains: 1 });
});

test("a frame of a Sensirion sensor on a serial line, with the sum that makes 255", () => {
  const fields = [
    { type: "skip(3)" },
    { name: "length", type: "u8" },
    { name: "data", type: "hex(length)" },
    { check: "sum-inverted", type: "u8" },
  ];
  expect(valueIn(fields, "00 03 00 02 0103 f6")).toEqual({ length: 2, data: "0103" });
  expect(valueIn(fields, "00 03 00 02 0103 f7")).toContain("and should be 246");
});

test("a text that is not UTF-8 is no value, and costs no other", () => {
  const fields = [
    { name: "label", type: "text(3)" },
    { name: "t", type: "u8" },
  ];
  expect(read(fields, "20b043 15")).toEqual({
    ok: true,
    value: { label: null, t: 21 },
    misfits: ["label is not UTF-8"],
  });
});

test("bits from the lowest on, as trackers of Digital Matter send them", () => {
  const fields = [
    { name: "latitude", type: "i32le", scale: 1e-7 },
    { name: "longitude", type: "i32le", scale: 1e-7 },
    { name: "in_trip", type: "bitsle(1)" },
    { name: "fix_failed", type: "bitsle(1)" },
    { name: "heading", type: "bitsle(6)", scale: 5.625 },
    { name: "speed", type: "u8" },
    { name: "battery", type: "u8", scale: 0.025 },
  ];
  expect(valueIn(fields, "0030edec 00322445 09 00 de")).toEqual({
    latitude: -32,
    longitude: 116,
    in_trip: 1,
    fix_failed: 0,
    heading: 11.25,
    speed: 0,
    battery: 5.55,
  });
});

test("a list whose length stands in front, texts of a length that is said, and a checksum", () => {
  const fields = [
    { name: "n", type: "u8" },
    { name: "list", repeat: "n", fields: [{ name: "v", type: "u8" }] },
    { name: "length", type: "u8" },
    { name: "label", type: "text(length)" },
    { check: "crc16-modbus", type: "u16le" },
  ];
  const bytes = Buffer.from("020a0b03414243", "hex");
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(checksumOf("crc16-modbus", bytes));
  const hex = Buffer.concat([bytes, crc]).toString("hex");
  expect(valueIn(fields, hex)).toMatchObject({ list: [{ v: 10 }, { v: 11 }], label: "ABC" });
  expect(valueIn(fields, hex.replace("0a", "0c"))).toContain("the crc16-modbus at byte 7 is");
});

test("what is repeated up to a checksum leaves it alone", () => {
  const fields = [
    { name: "list", repeat: "end", to: -1, fields: [{ name: "v", type: "u8" }] },
    { check: "sum", type: "u8" },
  ];
  expect(valueIn(fields, "f0 20 10")).toEqual({ list: [{ v: 0xf0 }, { v: 0x20 }] });
});

describe("checksums have the values that catalogs give for 123456789", () => {
  const checks: [Checksum, number][] = [
    ["sum", 477],
    ["xor", 0x31],
    ["crc8", 0xf4],
    ["crc8-maxim", 0xa1],
    ["crc8-sensirion", 0xf7],
    ["lrc", 0xfffffe23],
    ["sum-inverted", 0xfffffe22],
    ["crc16-arc", 0xbb3d],
    ["crc16-modbus", 0x4b37],
    ["crc16-ccitt", 0x29b1],
    ["crc16-xmodem", 0x31c3],
    ["crc16-kermit", 0x2189],
    ["crc16-x25", 0x906e],
    ["crc16-mcrf4xx", 0x6f91],
    ["crc16-genibus", 0xd64e],
    ["crc32", crc32("123456789")],
  ];
  it.each(checks)("%s", (kind, value) => {
    expect(checksumOf(kind, Buffer.from("123456789"))).toBe(value);
  });

  it("and for abcde, where Fletcher is looked up", () => {
    expect(checksumOf("fletcher16", Buffer.from("abcde"))).toBe(0xc8f0);
    // A poll for the version of a u-blox receiver: class, id and length, then 0E and 34.
    expect(checksumOf("fletcher16-ubx", Buffer.from("0a040000", "hex"))).toBe(0x340e);
  });

  it("and sums are as wide as their field", () => {
    const bytes = Buffer.from("123456789");
    const both = (kind: Checksum) => [1, 2].map((size) => checksumIn(kind, bytes, size));
    expect(both("sum")).toEqual([0xdd, 0x1dd]);
    expect(both("lrc")).toEqual([0x23, 0xfe23]);
    expect(both("sum-inverted")).toEqual([0x22, 0xfe22]);
  });
});

test("bytes that repeat nothing, or more than fits, end", () => {
  const deep = [
    {
      name: "a",
      repeat: 1_024,
      fields: [{ name: "b", repeat: 1_024, fields: [{ name: "v", type: "bits(1)" }] }],
    },
  ];
  expect(valueIn(deep, "ff".repeat(100_000))).toBe("more than 4096 members are repeated");
  const empty = [
    { name: "n", type: "u8" },
    { name: "list", repeat: "end", fields: [{ type: "skip(n)" }] },
  ];
  expect(valueIn(empty, "0001")).toBe("a member of list has no bytes");
});

test("a layout that cannot be read is a fault with its place", () => {
  const fields = [
    { name: "a", type: "u16" },
    { name: "b", type: "text(c)" },
    { name: "b", type: "u8" },
    { switch: "z", cases: { 1: [{ name: "q", type: "i8be" }] } },
    { name: "r", repeat: "end", fields: [{ name: "x", type: "u8", at: 3 }] },
    { name: "w", type: "word(3)" },
    {},
    { name: "s", type: "u16cdab" },
    { if: "y", fields: [{ name: "x", type: "u8" }] },
  ];
  const checked = parseProfile({ ...smallFile, codec: "struct", fields });
  expect(
    checked.ok ? [] : checked.faults.map(({ path, message }) => [path.join("."), message]),
  ).toEqual([
    ["fields.0.type", "u16 has 2 bytes"],
    ["fields.1.type", "no field in front is named c"],
    ["fields.2.name", "an earlier field is named b, too"],
    ["fields.3.switch", "no field in front is named z"],
    ["fields.3.cases.1.0.type", "i8 is one byte and has no order"],
    ["fields.4.fields.0", "what is repeated has no fixed place"],
    ["fields.5.type", '"word(3)" is not a type'],
    ["fields.6", "a field has one of type, repeat, switch and if"],
    ["fields.7.type", "u16 has no two words: cdab is for numbers of 4 bytes"],
    ["fields.8.if", "no field in front is named y"],
    ["fields.8", "bit says which bit of the field is meant"],
  ]);
});

test("a profile of a layout needs one, and may have it for what is inside the message", () => {
  const checked = parseProfile({ ...smallFile, codec: "struct" });
  expect(checked.ok ? [] : checked.faults).toMatchObject([
    { path: ["codec"], message: "the codec struct needs fields" },
  ]);
  const reader = givenReader({
    open: { path: "data", encoding: "hex", codec: "struct" },
    fields: [
      { type: "skip(8)" },
      { name: "t", type: "i16be", scale: 0.005 },
      { type: "skip(rest)" },
    ],
    metrics: [{ name: "temperature", path: "data.t", unit: "Cel" }],
  });
  const data = "0201061BFF99040506C56988B7D2003C0018040495D6E44715DA77B2AA0002";
  expect(outcomeOf(reader({ data }))).toEqual([["temperature", 8.665]]);
});
