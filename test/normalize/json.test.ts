/** What the engine's parser does not say of a JSON payload, or does not read although it could. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { json } from "../../src/normalize/codecs/json.ts";
import { decode } from "../../src/normalize/decode.ts";
import { givenReader, outcomeOf } from "./given.ts";

const read = (text: string) => decode(json, Buffer.from(text), 0);

describe("what stands around a payload is cut", () => {
  it.each([
    ["a NUL behind", '{"force":12.5}\0'],
    ["a NUL in front", '\0{"force":12.5}'],
    ["a byte order mark", '\ufeff{"force":12.5}'],
    ["all of it", '\0\ufeff \r\n{"force":12.5} \r\n\0\0'],
  ])("%s", (_, text) => {
    expect(read(text)).toEqual({ ok: true, value: { force: 12.5 } });
  });
});

it("what stands behind a NUL is an older text, and told of", () => {
  expect(read('{"force":12.5}\0"old":7}')).toEqual({
    ok: true,
    value: { force: 12.5 },
    misfits: ["9 characters behind a NUL"],
  });
  expect(read('{"force":12\0.5}')).toEqual({ ok: false, reason: "payload is not JSON" });
});

describe("a word that firmwares print for no number is null", () => {
  it.each([
    ['{"t":nan,"h":40}', { t: null, h: 40 }],
    ['{"t":NaN,"h":-Infinity}', { t: null, h: null }],
    ['{"t":-nan, "h":[inf,-inf]}', { t: null, h: [null, null] }],
    ['{"t":None,"text":"nan, \\"inf\\""}', { t: null, text: 'nan, "inf"' }],
    ['{"t":-nan(ind)}', { t: null }],
    ["nan", null],
  ])("%s", (text, value) => {
    expect(read(text)).toEqual({ ok: true, value });
  });

  it.each(['{"t":off}', '{"t":nan', '{"t":nano}', '{"t":"nan}', "{'t':nan}"])(
    "%s is not JSON",
    (text) => {
      expect(read(text)).toEqual({ ok: false, reason: "payload is not JSON" });
    },
  );
});

describe("a key that stands twice has no value", () => {
  it.each([
    ['{"t":20.1,"t":99.9}', { t: null }, 'the key "t" stands 2 times: 20.1, then 99.9'],
    ['{"a":{"t":1 , "u":2, "t" : 3}}', { a: { t: null, u: 2 } }, 'the key "a.t" stands 2 times'],
    ['{"t":1,"\\u0074":2}', { t: null }, 'the key "t" stands 2 times: 1, then 2'],
    ['[{"t":[1,{"x":1,"x":2}],"t":{}}]', [{ t: null }], 'the key "t.x" stands 2 times'],
    ['{"":{"T":1},"":{"T":2},"":{"T":3}}', { "": null }, 'the key "" stands 3 times'],
  ])("%s", (text, value, misfit) => {
    const decoded = read(text);
    expect(decoded).toMatchObject({ ok: true, value });
    expect(decoded.ok && decoded.misfits?.some((one) => one.includes(misfit))).toBe(true);
  });

  it.each([
    ["with the same value each time", '{"t":20.1,"t": 20.1}', { t: 20.1 }],
    ["in another object", '{"a":{"t":1},"b":{"t":2}}', { a: { t: 1 }, b: { t: 2 } }],
    ["only as text", '{"a":"\\"t\\": 1","t":"{\\"t\\" :2}"}', { a: '"t": 1', t: '{"t" :2}' }],
  ])("unless it stands %s", (_, text, value) => {
    expect(read(text)).toEqual({ ok: true, value });
  });

  it("leaves the rest of the message its values, and a message without others is a rejection", () => {
    const reader = givenReader({ alive: ["up"] });
    expect(outcomeOf(reader('{"ts":"a","ts":"b","t":20.1}'))).toEqual([["temperature", 20.1]]);
    expect(outcomeOf(reader('{"t":20.1,"t":99.9,"up":1}'))).toEqual({
      code: "undecodable",
      reason: 'the key "t" stands 2 times: 20.1, then 99.9',
    });
  });
});

describe("an integer that no number holds keeps its digits as a text", () => {
  it.each([
    ['{"a":1795824000123456789}', { a: "1795824000123456789" }],
    [
      '{"a":[-9007199254740993, 9007199254740993]}',
      { a: ["-9007199254740993", "9007199254740993"] },
    ],
  ])("%s", (text, value) => {
    const decoded = read(text);
    expect(decoded).toMatchObject({ ok: true, value });
    expect(decoded.ok && decoded.bigNumbers?.size).toBeGreaterThan(0);
  });

  it.each([
    ["that a number holds", '{"a":9007199254740992}', { a: 9007199254740992 }],
    ["with a point", '{"a":0.12345678901234567890}', { a: 0.12345678901234568 }],
    ["in a text", '{"a":"1795824000123456789"}', { a: "1795824000123456789" }],
  ])("but not one %s", (_, text, value) => {
    expect(read(text)).toEqual({ ok: true, value });
  });
});

test("any JSON with keys of its own is read as the engine reads it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, "\t"), (text, space) => {
      const value: unknown = JSON.parse(text);
      const written = JSON.stringify(value, null, space);
      if (/\d{16}/.test(written)) return;
      expect(read(written)).toEqual({ ok: true, value });
    }),
    { numRuns: 1_000 },
  );
});

test("a key that stands twice is found wherever it stands", () => {
  const word = fc.string({ minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.nat(),
      (keys, of, at) => {
        const members = keys.map((key, n) => `${JSON.stringify(key)}:${n}`);
        const key = keys[of % keys.length] ?? "";
        members.splice(at % (keys.length + 1), 0, `${JSON.stringify(key)} : "other"`);
        const decoded = read(`{"in":[{${members.join(", ")}}]}`);
        expect(decoded.ok && decoded.misfits).toHaveLength(1);
      },
    ),
  );
});

test("what is nested beyond reason is refused, whatever it is made of", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"k":', "}"],
    ['[{"k":', "}]"],
  ] as const) {
    const of = (depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(read(of(20))).toMatchObject({ ok: true });
    expect(read(of(70))).toEqual({
      ok: false,
      reason: "payload is nested deeper than 64 lists and objects",
    });
    expect(read(of(100_000))).toMatchObject({ ok: false });
  }
});
