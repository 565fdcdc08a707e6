/** Register maps, held against published frames, register tables and reports of wrong readings. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRegisters } from "../../src/normalize/codecs/encode-registers.ts";
import { registersOptions } from "../../src/normalize/codecs/modbus.ts";
import { registerOrders } from "../../src/normalize/codecs/register-order.ts";
import { decode } from "../../src/normalize/decode.ts";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import { givenReader, outcomeOf, smallFile } from "./given.ts";

const groupOf = (values: readonly object[], differs: object = {}) => ({
  every: "1s",
  values,
  ...differs,
});

function codecOf(values: readonly object[], differs: object = {}, options: object = {}) {
  return registersOptions.parse({ groups: [groupOf(values, differs)], ...options });
}

function valueIn(codec: ReturnType<typeof codecOf>, payload: object): unknown {
  const decoded = decode(codec, Buffer.from(JSON.stringify(payload)), 0);
  return decoded.ok ? decoded.value : decoded.reason;
}

const holding = (hex: string, at = 0) => ({ holding: { [at]: hex.replaceAll(" ", "") } });

it.each([
  [{ max_read: 2 }, [{ name: "a", at: 7, type: "u64" }], "take 4 from 7 on"],
  [
    {},
    [0, 100, 200].map((at) => ({ name: `t${at}`, at, type: "text(120)" })),
    "take 320 from 0 on",
  ],
])(
  "values that no read can bring are refused when they are loaded: %o",
  (options, values, words) => {
    const parsed = registersOptions.safeParse({ groups: [groupOf(values)], ...options });
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining(words),
    ]);
  },
);

describe("a value in registers", () => {
  it.each([
    // The same number in all four orders, as libmodbus documents them.
    ["f32", "ABCD", "47f1 2000", 123_456],
    ["f32", "CDAB", "2000 47f1", 123_456],
    ["f32", "BADC", "f147 0020", 123_456],
    ["f32", "DCBA", "0020 f147", 123_456],
    // Answer of an Eastron SDM630 for the voltage of phase 1, from its protocol page.
    ["f32", "ABCD", "4366 3334", 230.20001],
    ["u16", "ABCD", "ffff", 65_535],
    ["u16", "BADC", "0100", 1],
    ["i16", "ABCD", "ffb8", -72],
    ["u32", "CDAB", "0001 0002", 131_073],
    ["i32", "ABCD", "ffff fffe", -2],
    ["u64", "ABCD", "0000 0000 0001 0000", 65_536],
    ["u64", "CDAB", "0003 0000 0000 0000", 3],
    ["u64", "ABCD", "ffff ffff ffff ffff", "18446744073709551615"],
    ["i64", "DCBA", "feff ffff ffff ffff", -2],
    ["f64", "ABCD", "4035 6666 6666 6666", 21.4],
    ["f32", "ABCD", "7fc0 0000", null],
    ["bcd(1)", "ABCD", "1234", 1_234],
    ["bcd(2)", "ABCD", "0012 3456", 123_456],
    ["bcd(1)", "ABCD", "12fa", null],
    ["text(3)", "ABCD", "5345 3500 7878", "SE5"],
    ["text(2)", "BADC", "4553 4835", "SE5H"],
    ["text(2)", "CDAB", "5345 3548", "SE5H"],
    ["hex(2)", "ABCD", "00a1 b2c3", "00a1b2c3"],
    // Counters of 48 bits, as loggers and flow meters keep them.
    ["u48", "ABCD", "0001 0000 0002", 4_294_967_298],
    ["u48", "CDAB", "0002 0000 0001", 4_294_967_298],
    ["i48", "ABCD", "ffff ffff fffe", -2],
    // The highest bit as a sign of the others: meters of Deye inverters.
    ["sm16", "ABCD", "8064", -100],
    ["sm32", "CDAB", "0064 8000", -100],
    // Four digits a register, the lowest in front: ION and PM meters of Schneider.
    ["mod10k(4)", "CDAB", "04d2 162e 0001 0000", 156_781_234],
    ["mod10k(2)", "ABCD", "0001 2710", null],
    // One character a register, in its lower or its upper byte.
    ["chars(4)", "ABCD", "0053 0045 0035 0000", "SE5"],
    ["chars(4)", "BADC", "5300 4500 3500 0000", "SE5"],
  ])("is a %s in the order %s: %s is %o", (type, order, hex, value) => {
    expect(valueIn(codecOf([{ name: "a", at: 0, type, order }]), holding(hex))).toEqual({
      a: value,
    });
  });

  it("may be some of its bits, counted from the lowest", () => {
    const values = [
      { name: "alarm", at: 5, bits: 15 },
      { name: "running", at: 5, bits: 0 },
      { name: "mode", at: 5, bits: [4, 7] },
      { name: "far", at: 6, type: "u32", bits: 31 },
    ];
    expect(valueIn(codecOf(values), holding("80a0 8000 0000", 5))).toEqual({
      alarm: true,
      running: false,
      mode: 10,
      far: true,
    });
  });

  it("of a signed type has signed bits: a number of 24 bits with its power of ten above it", () => {
    // Measurements of ISKRA meters: -123456 thousandths.
    const values = [
      { name: "power", at: 0, type: "i32", bits: [0, 23], scale_by: "e" },
      { name: "e", at: 0, type: "i32", bits: [24, 31] },
      { name: "high", at: 2, type: "i16", bits: [8, 15] },
      { name: "low", at: 2, type: "i16", bits: [0, 7] },
      { name: "flag", at: 2, type: "i16", bits: 15 },
    ];
    expect(valueIn(codecOf(values), holding("fdfe 1dc0 f605"))).toEqual({
      ...{ power: -123.456, high: -10, low: 5, flag: true },
    });
  });

  it("is scaled even where it has more digits than a number keeps", () => {
    const values = [
      { name: "energy", at: 0, type: "u64", scale: 0.001 },
      { name: "none", at: 4, type: "u64", none: ["0xffffffffffffffff"] },
    ];
    expect(valueIn(codecOf(values), holding("0020 0000 0000 0001 ffff ffff ffff ffff"))).toEqual({
      energy: 9_007_199_254_740.992,
      none: null,
    });
  });

  it("is scaled, moved and multiplied so that decimals stay decimals", () => {
    const values = [
      { name: "t", at: 0, type: "i16", scale: 0.1, offset: -40 },
      { name: "u", at: 1, scale: 0.1, times: "pt" },
      { name: "p", at: 2, scale: 0.001, times: ["pt", "ct"] },
      { name: "pt", at: 3 },
      { name: "ct", at: 4 },
    ];
    expect(valueIn(codecOf(values), holding("0263 08fd 007b 000a 0050"))).toEqual({
      t: 21.1,
      u: 2_301,
      p: 98.4,
    });
  });

  it("is nothing where a float holds what stands for that, however many digits are written", () => {
    const values = [
      { name: "a", at: 0, type: "f32", none: [3.402_823_466_385_288_6e38, -9_999.9] },
    ];
    expect(valueIn(codecOf(values), holding("7f7fffff"))).toEqual({ a: null });
    expect(valueIn(codecOf(values), holding("c61c3f9a"))).toEqual({ a: null });
  });

  it("is nothing where the registers hold what stands for that", () => {
    const values = [
      { name: "a", at: 0, type: "i16", none: [0x8000] },
      { name: "b", at: 1, type: "i16", none: [-32_768] },
      { name: "c", at: 2, none: [0xffff] },
      { name: "d", at: 3, type: "u64", none: ["0xffffffffffffffff"] },
      { name: "e", at: 7, type: "f32", none: [9_999] },
    ];
    const hex = "8000 8000 ffff ffff ffff ffff ffff 461c 3c00";
    expect(valueIn(codecOf(values), holding(hex))).toEqual({
      a: null,
      b: null,
      c: null,
      d: null,
      e: null,
    });
  });

  it("is found by the number that manuals print, which counts from 1", () => {
    const codec = codecOf([
      { name: "volts", number: 30_001, table: "input" },
      { name: "set", number: "400101" },
      { name: "relay", number: "00001", table: "coil" },
    ]);
    const payload = { input: { 0: "0001" }, holding: { 100: "0002" }, coil: { 0: "1" } };
    expect(valueIn(codec, payload)).toEqual({ volts: 1, set: 2, relay: true });
  });

  it("is not made of half of its registers", () => {
    const codec = codecOf([{ name: "a", at: 0, type: "u32" }]);
    expect(valueIn(codec, holding("0001"))).toEqual({});
  });
});

describe("models of SunSpec", () => {
  const inverter = codecOf(
    [
      { name: "a", at: 2, scale_by: "a_sf" },
      { name: "a_b", at: 4, scale_by: "a_sf" },
      { name: "a_sf", at: 6, type: "i16" },
      { name: "w", at: 14, type: "i16", scale_by: "w_sf" },
      { name: "w_sf", at: 15, type: "i16" },
      { name: "wh", at: 24, type: "u32", none: [0] },
    ],
    { model: [101, 102, 103] },
  );
  const at = 40_069;

  it("are found where the chain led to, and scaled by their own factors, which change", () => {
    // The head and the currents of an inverter: model 101, 50 registers; 6.31 A, and no phase B.
    const blocks = { [at]: "0065003202770277fffffffffffe", [at + 14]: "8000ffff" };
    const payload = { models: { 101: at }, holding: { ...blocks, [at + 24]: "00000000" } };
    expect(valueIn(inverter, payload)).toEqual({ a: 6.31, a_b: null, w: null, wh: null });
    const later = { [at]: "00650032003f003ffffffffffffff".slice(0, 28), [at + 14]: "05dc0001" };
    expect(valueIn(inverter, { models: { 101: at }, holding: later })).toEqual({
      a: 6.3,
      a_b: null,
      w: 15_000,
    });
  });

  it("of one id are told apart, also in what could not be read of one of them", () => {
    const codec = registersOptions.parse({
      groups: [
        groupOf([{ name: "first", at: 2 }], { model: [201, 203] }),
        groupOf([{ name: "second", at: 2 }], { model: [201, 203], nth: 2 }),
      ],
    });
    expect(codec.poll?.groups.map(({ models, nth }) => [models, nth])).toEqual([
      [[201, 203], undefined],
      [[201, 203], 2],
    ]);
    const holding = { 40070: "00cb00010007", 40073: "00cb00010008" };
    const places = { 203: 40_070, "203#2": 40_073 };
    expect(valueIn(codec, { models: places, holding })).toEqual({ first: 7, second: 8 });
    const lost = {
      table: "holding",
      at: 2,
      count: 1,
      models: [201, 203],
      nth: 2,
      reason: "no answer",
    };
    expect(valueIn(codec, { models: { 203: 40_070 }, holding, failed: [lost] })).toEqual({
      first: 7,
      second: "no answer",
    });
  });

  it("are what `nth` counts, and nothing else", () => {
    const groups = [groupOf([{ name: "a", at: 2 }], { nth: 2 })];
    expect(registersOptions.safeParse({ groups }).error?.issues).toMatchObject([
      { path: ["groups", 0, "nth"], message: "is for a group with a model" },
    ]);
  });

  it("give nothing without the factor, and say where another model stands in their place", () => {
    const none = { [at]: "0065003202770277ffffffff8000" };
    expect(valueIn(inverter, { models: { 101: at }, holding: none })).toEqual({
      a: null,
      a_b: null,
    });
    const other = { [at]: "0001004202770277fffffffffffe" };
    expect(valueIn(inverter, { models: { 101: at }, holding: other })).toMatchObject({
      a: "the model at 40069 is 1, not 101",
    });
    const wild = { [at]: "00650032027702770000ffff0400" };
    expect(valueIn(inverter, { models: { 101: at }, holding: wild })).toMatchObject({
      a: "a_sf says that a is multiplied by ten to the power of 1024",
    });
  });
});

describe("what could not be read", () => {
  const read = givenReader({
    codec: "modbus",
    registers: {
      groups: [
        groupOf([
          { name: "u", at: 0 },
          { name: "serial", at: 10, type: "text(2)" },
        ]),
      ],
    },
    metrics: [
      { name: "voltage", path: "u", unit: "V" },
      { name: "serial", path: "serial", type: "text" },
    ],
  });
  const failed = [{ table: "holding", at: 10, count: 2, reason: "no answer in 500 ms" }];

  it("is bad, with the reason, and costs no other value", () => {
    const message = read({ holding: { 0: "00e6" }, failed });
    expect(outcomeOf(message)).toEqual([
      ["voltage", 230],
      ["serial", "no answer in 500 ms", "bad"],
    ]);
    expect(message.event.extensions).toMatchObject({
      misfits: expect.stringContaining("serial was not read: no answer in 500 ms"),
    });
  });

  it("makes bad what is calculated from it", () => {
    const readDerived = givenReader({
      codec: "modbus",
      registers: {
        groups: [
          groupOf([
            { name: "high", at: 0 },
            { name: "low", at: 10 },
          ]),
        ],
      },
      metrics: [{ name: "energy", value: "double(high) * 65536.0 + double(low)", unit: "kWh" }],
    });
    expect(outcomeOf(readDerived({ holding: { 0: "0001", 10: "0005" } }))).toEqual([
      ["energy", 65_541],
    ]);
    expect(outcomeOf(readDerived({ holding: { 0: "0001" }, failed }))).toEqual([
      ["energy", "no answer in 500 ms", "bad"],
    ]);
  });

  it("is bad also where nothing else was asked for", () => {
    expect(outcomeOf(read({ failed }))).toEqual([["serial", "no answer in 500 ms", "bad"]]);
  });
});

describe("a plan of reads", () => {
  const blocksOf = (values: readonly object[], options: object = {}, differs: object = {}) =>
    codecOf(values, differs, options).poll?.groups[0]?.blocks.map(({ at, count, table }) => [
      table,
      at,
      count,
    ]);
  const at = (...places: number[]) => places.map((one) => ({ name: `v${one}`, at: one }));

  it("joins neighbors, and goes over no gap unless it may", () => {
    expect(blocksOf(at(0, 1, 2, 5, 6))).toEqual([
      ["holding", 0, 3],
      ["holding", 5, 2],
    ]);
    expect(blocksOf(at(0, 1, 2, 5, 6, 10), { max_gap: 2 })).toEqual([
      ["holding", 0, 7],
      ["holding", 10, 1],
    ]);
  });

  it("reads no more at once than a device takes, and no value in two", () => {
    const values = Array.from({ length: 40 }, (_, n) => ({
      name: `p${n}`,
      at: n * 2,
      type: "f32",
    }));
    expect(blocksOf(values, { max_read: 25 })).toEqual([
      ["holding", 0, 24],
      ["holding", 24, 24],
      ["holding", 48, 24],
      ["holding", 72, 8],
    ]);
    expect(
      blocksOf(
        values.map((one) => ({ ...one, at: one.at * 2 })),
        { max_gap: 2 },
      ),
    ).toEqual([
      ["holding", 0, 122],
      ["holding", 124, 34],
    ]);
  });

  it("keeps tables apart, and reads 2,000 bits at once", () => {
    const bits = [0, 1_999, 2_000].map((one) => ({ name: `b${one}`, at: one }));
    expect(blocksOf(bits, { max_gap: 124 }, { table: "coil" })).toEqual([
      ["coil", 0, 1],
      ["coil", 1_999, 2],
    ]);
    expect(
      blocksOf([
        { name: "a", at: 0 },
        { name: "b", at: 0, table: "input" },
      ]),
    ).toEqual([
      ["holding", 0, 1],
      ["input", 0, 1],
    ]);
  });

  it("says how a block is taken apart: without its gaps first, then in halves", () => {
    const [block] = codecOf(at(0, 1, 2, 5), {}, { max_gap: 2 }).poll?.groups[0]?.blocks ?? [];
    expect(block).toMatchObject({
      at: 0,
      count: 6,
      parts: [
        {
          at: 0,
          count: 3,
          parts: [
            { at: 0, count: 2 },
            { at: 2, count: 1 },
          ],
        },
        { at: 5, count: 1 },
      ],
    });
  });

  it("of a model begins at its id", () => {
    expect(blocksOf([{ name: "a", at: 4 }], { max_gap: 2 }, { model: 103 })).toEqual([
      ["holding", 0, 5],
    ]);
  });

  it("asks for each register that a value needs, in one piece, within the limits", () => {
    const value = fc.record({
      at: fc.integer({ min: 0, max: 400 }),
      type: fc.constantFrom("u16", "f32", "u64", "text(20)"),
    });
    const limits = fc.record({
      max_gap: fc.integer({ min: 0, max: 20 }),
      max_read: fc.integer({ min: 20, max: 125 }),
    });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), limits, (values, options) => {
        const named = values.map((one, n) => ({ ...one, name: `v${n}` }));
        const codec = registersOptions.safeParse({ groups: [groupOf(named)], ...options }).data;
        // So many values share registers that no read can bring them.
        fc.pre(codec !== undefined);
        const blocks = codec?.poll?.groups[0]?.blocks ?? [];
        const covers = (block: (typeof blocks)[number], first: number, count: number): boolean =>
          block.at <= first && first + count <= block.at + block.count;
        const sizes: Record<string, number> = { u16: 1, f32: 2, u64: 4, "text(20)": 20 };
        for (const { at: first, type } of named) {
          const size = sizes[type] ?? 0;
          expect(blocks.filter((block) => covers(block, first, size))).toHaveLength(1);
          expect(Math.max(...blocks.map(({ count }) => count))).toBeLessThanOrEqual(
            options.max_read,
          );
          // However far a block is taken apart, one of its ends still has the whole value.
          let found = blocks.find((block) => covers(block, first, size));
          while (found?.parts !== undefined) {
            expect(found.parts.filter((part) => covers(part, first, size))).toHaveLength(1);
            found = found.parts.find((part) => covers(part, first, size));
          }
        }
      }),
    );
  });
});

describe("a register map that cannot be right is told with its place", () => {
  const faultsOf = (values: readonly object[], differs: object = {}) => {
    const registers = { groups: [groupOf(values, differs)] };
    const checked = parseProfile({ ...smallFile, codec: "modbus", registers });
    return checked.ok ? [] : checked.faults.map(({ message, path }) => [path.join("."), message]);
  };
  const place = "registers.groups.0.values.0";

  it.each([
    [
      { number: 30_001 },
      `${place}.number`,
      "30001 is in the table input, and this value is read from holding",
    ],
    [
      { number: 100 },
      `${place}.number`,
      "100 is not a number of 5 or 6 digits such as 30001 or 400001",
    ],
    [{ at: 0, number: 40_001 }, place, "a value has an address: at, or number"],
    [{ at: 65_535, type: "u32" }, place, "its registers go beyond address 65535"],
    [{ at: 0, type: "u24" }, `${place}.type`, '"u24" is not a type'],
    [
      { at: 0, type: "f32", bits: 3 },
      `${place}.bits`,
      "bits are of a whole number such as u16 or i32, from its lowest to its highest",
    ],
    [{ at: 0, none: [70_000] }, `${place}.none.0`, "70000 is nothing that a u16 can hold"],
    [{ at: 0, scale_by: "sf" }, place, "no other value of this group is named sf"],
    [{ at: 0, type: "text(2)", scale: 2 }, place, "a text is not scaled"],
    [
      { at: 0, table: "coil", type: "u32" },
      place,
      "a coil is true or false, and has nothing but a name and an address",
    ],
  ])("%j", (value, path, message) => {
    expect(faultsOf([{ name: "a", ...value }])).toContainEqual([path, message]);
  });
});

describe("a value that is written", () => {
  it("lies in registers as it is read from them, in each type and order", () => {
    const numbers = fc.oneof(
      fc.record({ type: fc.constant("u16"), value: fc.nat(65_535) }),
      fc.record({ type: fc.constant("i16"), value: fc.integer({ min: -32_768, max: 32_767 }) }),
      fc.record({ type: fc.constant("i32"), value: fc.integer() }),
      fc.record({ type: fc.constant("u64"), value: fc.maxSafeNat() }),
      fc.record({ type: fc.constant("i64"), value: fc.maxSafeInteger() }),
      fc.record({ type: fc.constant("bcd(2)"), value: fc.nat(99_999_999) }),
      fc.record({
        type: fc.constant("f64"),
        value: fc
          .double({ noDefaultInfinity: true, noNaN: true })
          .filter((double) => !Object.is(double, -0)),
      }),
      fc.record({ type: fc.constant("i48"), value: fc.integer() }),
      fc.record({ type: fc.constant("sm32"), value: fc.integer({ min: -2_147_483_647 }) }),
      fc.record({ type: fc.constant("mod10k(3)"), value: fc.nat(999_999_999) }),
      fc.record({ type: fc.constant("chars(6)"), value: fc.stringMatching(/^[a-z]{0,6}$/) }),
      fc.record({ type: fc.constant("text(3)"), value: fc.stringMatching(/^[a-z]{0,6}$/) }),
    );
    fc.assert(
      fc.property(numbers, fc.constantFrom(...registerOrders), ({ type, value }, order) => {
        const registers = encodeRegisters({ type, order }, value);
        if ("problem" in registers) expect.fail(registers.problem);
        const hex = registers.map((one) => one.toString(16).padStart(4, "0")).join("");
        const codec = codecOf([{ name: "a", at: 0, type, order }]);
        expect(valueIn(codec, holding(hex))).toEqual({ a: value });
      }),
    );
  });

  it("is scaled back, and refused where the device would get another value", () => {
    expect(encodeRegisters({ type: "u16", scale: 0.1 }, 21.4)).toEqual([214]);
    expect(encodeRegisters({ type: "i16", scale: 0.1, offset: -40 }, -41.5)).toEqual([65_521]);
    expect(encodeRegisters({ type: "f32", order: "CDAB" }, 123_456)).toEqual([0x2000, 0x47f1]);
    expect(encodeRegisters({ type: "u16" }, true)).toEqual([1]);
    expect(encodeRegisters({ type: "u16", scale: 0.1 }, 21.44)).toEqual({
      problem: "21.44 is between two values that a u16 can hold",
    });
    expect(encodeRegisters({ type: "u16" }, 65_536)).toEqual({
      problem: "65536 is beyond what a u16 can hold",
    });
    expect(encodeRegisters({ type: "f32" }, 1e39)).toEqual({
      problem: "1e+39 is beyond what a f32 can hold",
    });
    expect(encodeRegisters({ type: "u16" }, Number.NaN)).toEqual({ problem: "NaN is no number" });
    expect(encodeRegisters({ type: "text(1)" }, "abc")).toEqual({
      problem: "a text(1) holds 2 bytes, not 3",
    });
  });
});
