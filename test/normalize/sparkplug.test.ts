/** Payloads of Sparkplug B: those that its reference encoder for JavaScript makes, and odd ones. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sparkplug } from "../../src/normalize/codecs/sparkplug.ts";

function metricsIn(hex: string): Record<string, unknown>[] {
  const decoded = sparkplug.decode(Buffer.from(hex, "hex"), 0);
  if (!decoded.ok) throw new Error(decoded.reason);
  return (decoded.value as { metrics: Record<string, unknown>[] }).metrics;
}

/** A payload with one metric called `m` whose other fields are these. */
function payloadOf(fields: string): string {
  const metric = `0a016d${fields}`;
  return `12${(metric.length / 2).toString(16).padStart(2, "0")}${metric}`;
}

const valueWith = (fields: string): unknown => metricsIn(payloadOf(fields))[0]?.["value"];
const notesOf = (hex: string) => sparkplug.decode(Buffer.from(hex, "hex"), 0);

const everyType =
  "0880b8cefba134120b0a05626453657120085807120c0a026938200150fbffffff0f120d0a03693136200250d4fdffff" +
  "0f120d0a0369333220035090ddfbff0f12120a03693634200458809ce8afedffffffff0112090a027538200550c80112" +
  "0b0a03753136200650e0d403120d0a0375333220075880d0acf30e12100a03753634200858ffffffffffffff0f120a0a" +
  "01662009653333ab41120e0a0164200a69666666666666354012070a0162200b7001120d0a0173200c7a066772c3bcc3" +
  "9f120d0a026474200d5880b8cefba134122e0a0475756964200f7a2431323365343536372d653839622d313264332d61" +
  "3435362d343236363134313734303030120f0a05627974657320118201030102ff122f0a02647320108a012608021201" +
  "611201621801180c220d0a0608ffffffff0f0a0332017822090a0208020a03320179123b0a0374706c20139201310a01" +
  "3112190a0573706565641880b8cefba134200a6900000000000029401a080a0170100c42017622054d6f746f72280012" +
  "0a0a046e756c6c20033801121a0a04686973741898b0cefba134200a280169000000000000f03f12410a0570726f7073" +
  "20094a310a07656e67556e69740a075175616c6974790a076e6f7468696e671207080c4203c2b0431205080318c00112" +
  "04080c10016500006040120c0a047a65726f1000200350001800";

describe("the codec sparkplug", () => {
  it("reads every type of value as its reference encoder writes it", () => {
    const values = metricsIn(everyType).map(({ name, value }) => [name, value]);
    expect(Object.fromEntries(values)).toEqual({
      ...{ bdSeq: 7, i8: -5, i16: -300, i32: -70_000, i64: -5_000_000_000 },
      ...{ u8: 200, u16: 60_000, u32: 4_000_000_000, u64: Number.MAX_SAFE_INTEGER },
      ...{ f: 21.4, d: 21.4, b: true, s: "grüß", dt: 1_795_824_000_000, bytes: "0102ff" },
      uuid: "123e4567-e89b-12d3-a456-426614174000",
      ds: {
        columns: ["a", "b"],
        rows: [
          [-1, "x"],
          [2, "y"],
        ],
      },
      tpl: {
        template: "Motor",
        metrics: [{ name: "speed", timestamp: 1_795_824_000_000, type: "Double", value: 12.5 }],
      },
      ...{ null: null, hist: 1, props: 3.5, zero: 0 },
    });
    expect(metricsIn(everyType)).toContainEqual(
      expect.objectContaining({ name: "hist", historical: true, timestamp: 1_795_823_999_000 }),
    );
    expect(metricsIn(everyType)).toContainEqual(
      expect.objectContaining({ properties: { engUnit: "°C", Quality: 192, nothing: null } }),
    );
    expect(metricsIn(everyType)).toContainEqual(
      expect.objectContaining({ name: "zero", alias: 0 }),
    );
  });

  it("reads a negative number whether its sign fills the type, 32 or 64 bits", () => {
    expect(valueWith("200150fb01")).toBe(-5);
    expect(valueWith("200150fbffffff0f")).toBe(-5);
    expect(valueWith("200150fbffffffffffffffff01")).toBe(-5);
    expect(valueWith("200358fbffffffffffffffff01")).toBe(-5);
  });

  it("keeps the digits of numbers that are too big to be one", () => {
    const decoded = notesOf(payloadOf("200858ffffffffffffffffff01"));
    expect(decoded).toMatchObject({ value: { metrics: [{ value: "18446744073709551615" }] } });
    expect(decoded.ok && [...(decoded.bigNumbers ?? [])]).toEqual(["18446744073709551615"]);
    expect(valueWith("200458ffffffffffffffff7f")).toBe("9223372036854775807");
    expect(valueWith("20045880808080808080808001")).toBe("-9223372036854775808");
  });

  it("gives no value, and says why, where a number is none of its type", () => {
    expect(notesOf(payloadOf("200550ac02"))).toMatchObject({
      value: { metrics: [{ value: null }] },
      misfits: ["m is 300, not a UInt8"],
    });
    expect(notesOf(payloadOf("50fbffffff0f"))).toMatchObject({
      value: { metrics: [{ value: null }] },
      misfits: ["m is 4294967291, or negative: nothing says of which type it is"],
    });
  });

  it("reads arrays as they are packed", () => {
    expect(valueWith("2017820104d08a3075")).toEqual([-30_000, 30_000]);
    expect(valueWith("201e8201083333ab4100000040")).toEqual([21.4, 2]);
    const truths = [..."001101001101"].map((one) => one === "1");
    expect(valueWith("20208201060c00000034d0")).toEqual(truths);
    expect(valueWith("202182010a4142430068656c6c6f00")).toEqual(["ABC", "hello"]);
    expect(notesOf(payloadOf("201782010301ff7f"))).toMatchObject({
      misfits: ["m has 3 bytes, which is no Int16Array"],
    });
  });

  it("takes a text that is not UTF-8 for bytes", () => {
    expect(valueWith("200c7a0220b0")).toBe("20b0");
    expect(valueWith("200c7a02c3bc")).toBe("ü");
  });

  it("takes what is not finite for no value", () => {
    expect(valueWith("2009650000c07f")).toBeNull();
    expect(valueWith("200a69000000000000f07f")).toBeNull();
  });

  it("expands what came compressed, up to a bound", () => {
    const inner = Buffer.from(everyType, "hex");
    const uuid = Buffer.from("SPBV1.0_COMPRESSED");
    const wrap = (body: Buffer): string => {
      const size = Buffer.from([0x2a, (body.length & 0x7f) | 0x80, body.length >> 7]);
      const head = Buffer.from([0x22, uuid.length]);
      return Buffer.concat([head, uuid, size, body]).toString("hex");
    };
    expect(metricsIn(wrap(gzipSync(inner)))).toEqual(metricsIn(everyType));
    expect(notesOf(wrap(gzipSync(Buffer.alloc(2 ** 21))))).toMatchObject({ ok: false });
    const bare = gzipSync(Buffer.from(payloadOf("20035005"), "hex"));
    expect(notesOf(`0880b8cefba1341803${wrap(bare)}`)).toMatchObject({
      value: { timestamp: 1_795_824_000_000, seq: 3, metrics: [{ name: "m", value: 5 }] },
    });
  });

  it("says what is wrong with bytes that are no payload", () => {
    expect(notesOf("1205")).toEqual({
      ok: false,
      reason: "no Sparkplug payload: the payload ends within a field",
    });
    expect(notesOf("7b7d")).toMatchObject({ ok: false });
    expect(notesOf("12".repeat(1_000))).toMatchObject({ ok: false });
  });
});
