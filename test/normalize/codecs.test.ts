/** What every codec promises, whatever the bytes: held against all entries of the table. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Codec } from "../../src/normalize/codecs/codec.ts";
import { codecs } from "../../src/normalize/codecs.ts";
import { decode, maxDecodeBytes } from "../../src/normalize/decode.ts";
import { givenReader, receivedMs } from "./given.ts";

const bytesOf = ({ example, reads }: Codec): Uint8Array =>
  Buffer.from(example.payload, reads === "text" ? "utf8" : "hex");

/** Texts that have harmed readers of texts. */
const nastyTexts = [
  "",
  "\u0000",
  "\ufeff{}",
  "[".repeat(200_000),
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  '{"a":'.repeat(50_000),
  "1e999",
  "-1e999",
  "9".repeat(1_000),
  '{"a":1e999,"b":[-1e999]}',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '[{"__proto__":[]},{"toString":1,"hasOwnProperty":2}]',
  '{"__proto__":1,"__proto__":{"polluted":1}}',
  '[{"bn":"__proto__","n":"__proto__","v":1},{"n":"polluted","v":1}]',
  "__proto__=1,constructor=2,polluted=3",
  "__proto__,__proto__=polluted __proto__=1,polluted=2",
  "m,a=b f=1 1\n".repeat(20_000),
  `m f="${'\\"'.repeat(100_000)}`,
  ",".repeat(200_000),
  '"'.repeat(200_001),
  "=,".repeat(100_000),
  "\n".repeat(200_000),
  `$${",".repeat(200_000)}*00`,
  "$A*41\n".repeat(20_000),
];

/** Bytes that make a reader repeat itself, by what begins as each format wants it. */
const nastyBytes = [
  Buffer.from(`40${"0161".repeat(20_000)}`, "hex"),
  Buffer.from(`40${"5300".repeat(20_000)}`, "hex"),
  Buffer.from("000000".repeat(20_000), "hex"),
  Buffer.from("0302aabb".repeat(20_000), "hex"),
  // A base name of a thousand letters, and moments that are under it.
  Buffer.from(
    `9fa1217903e8${"61".repeat(1_000)}${Array.from({ length: 5_000 }, (_, at) => `a20200061a${(2 ** 30 + at).toString(16)}`).join("")}ff`,
    "hex",
  ),
  Buffer.from(
    JSON.stringify([
      { bn: "a".repeat(1_000) },
      ...Array.from({ length: 5_000 }, (_, t) => ({ t: t - 5_000, v: 1 })),
    ]),
  ),
  Buffer.from(
    JSON.stringify([
      { bu: "a".repeat(1_000) },
      ...Array.from({ length: 5_000 }, (_, n) => ({ n: `${n}`, v: 1 })),
    ]),
  ),
];

/** Anything, and what is nearly right: the example with some of its bytes changed. */
function payloadsFor(codec: Codec): fc.Arbitrary<Uint8Array> {
  const example = bytesOf(codec);
  const change = fc.tuple(fc.nat(example.length - 1), fc.nat(255));
  const nearly = fc.array(change, { maxLength: 4 }).map((changes) => {
    const bytes = Uint8Array.from(example);
    for (const [at, byte] of changes) bytes[at] = byte;
    return bytes;
  });
  return fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: "binary", maxLength: 200 }).map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
    nearly,
  );
}

/** Everything below a value and itself, with how much room the texts take; never recurses. */
function walk(root: unknown): { readonly values: unknown[]; readonly size: number } {
  const values: unknown[] = [root];
  let size = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    size += typeof value === "string" ? value.length : 1;
    if (typeof value !== "object" || value === null) continue;
    for (const key of Object.keys(value)) {
      size += Array.isArray(value) ? 0 : key.length;
      values.push(Object.getOwnPropertyDescriptor(value, key)?.value);
    }
  }
  return { values, size };
}

function isPlain(value: unknown): boolean {
  if (value === null || ["boolean", "number", "string"].includes(typeof value)) return true;
  if (typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) ? prototype === Array.prototype : prototype === Object.prototype;
}

/** Fails when a decoded value is more, or something else, than bytes can pay for. */
function expectHarmless(codec: Codec, payload: Uint8Array): void {
  const decoded = decode(codec, payload, receivedMs);
  if (!decoded.ok) {
    expect(decoded.reason.length).toBeLessThan(200);
    return;
  }
  const { size, values } = walk(decoded.value);
  expect(values.every(isPlain)).toBe(true);
  expect(size).toBeLessThanOrEqual(16 * payload.length + 256);
  const { bigNumbers, misfits = [] } = decoded;
  expect(misfits.length).toBeLessThanOrEqual(16);
  for (const misfit of misfits) expect(misfit.length).toBeLessThan(300);
  for (const number of bigNumbers ?? []) expect(number).toMatch(/^[-+]?\d+$/);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect({}).not.toHaveProperty("polluted");
}

describe.each(codecs.map((codec) => [codec.name, codec] as const))(
  "the codec %s",
  (name, codec) => {
    it("reads its example as it says", () => {
      expect(decode(codec, bytesOf(codec), receivedMs)).toEqual({
        ok: true,
        value: codec.example.value,
      });
      expect(codec.about).toMatch(/^[^|\n]{3,80}$/);
      expect(codec.example.payload).toMatch(/^[^|\n]{1,200}$/);
    });

    it("gives a plain value no larger than the payload, or a reason, for any bytes", () => {
      fc.assert(fc.property(payloadsFor(codec), (payload) => expectHarmless(codec, payload)));
    });

    it("is not harmed by what has harmed others", () => {
      for (const text of nastyTexts) expectHarmless(codec, Buffer.from(text));
      for (const bytes of nastyBytes) expectHarmless(codec, bytes);
      expectHarmless(codec, Buffer.alloc(maxDecodeBytes, 0xff));
      expect(decode(codec, Buffer.alloc(maxDecodeBytes + 1), receivedMs)).toMatchObject({
        ok: false,
      });
    });

    it("brings only finite numbers into events", () => {
      const everything = [
        { name: "value", path: "$", type: "any" },
        { name: "{key}", path: "**", type: "any" },
      ];
      const fields = [
        { name: "value", type: "f64be" },
        { name: "rest", type: "hex(rest)" },
      ];
      const registers = {
        groups: [{ every: "1s", table: "input", values: [{ name: "value", at: 0, type: "f64" }] }],
      };
      const some: Readonly<Record<string, unknown>> = { fields, registers };
      const { needsOptions, options: field = "" } = codec;
      const options = needsOptions ? { [field]: some[field] } : {};
      const read = givenReader({ codec: name, ...options, metrics: everything });
      const expectFinite = (payload: Uint8Array): void => {
        if (payload.byteLength === 0) return;
        const { event } = read(payload);
        if (event.kind !== "measurement") return;
        for (const { value } of event.data)
          if (typeof value === "number") expect(value).toSatisfy(Number.isFinite);
      };
      for (const text of nastyTexts) expectFinite(Buffer.from(text));
      fc.assert(fc.property(payloadsFor(codec), expectFinite));
    });
  },
);

describe("the codecs", () => {
  it("have names of their own, as profiles can write them", () => {
    const names = codecs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });
});
