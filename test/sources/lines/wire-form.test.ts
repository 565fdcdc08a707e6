import { describe, expect, it } from "vitest";
import { wireForm } from "../../../src/sources/lines/wire-form.ts";

const text = "/ESY5Q3DA1004\r\n1.8.0(00052.78*kWh)\r\n!\r\n";

function onWire(form: Parameters<typeof wireForm>[0], bytes = Buffer.from(text)): Buffer {
  const sent = Buffer.from(bytes);
  wireForm(form).write(sent);
  return sent;
}

describe("a parity bit of seven data bits", () => {
  const seven = { data_bits: 7, stop_bits: 1 } as const;

  it("is the eighth bit on the wire", () => {
    const ones = Buffer.from("10");
    expect(onWire({ ...seven, parity: "even" }, ones).toString("hex")).toBe("b130");
    expect(onWire({ ...seven, parity: "odd" }, ones).toString("hex")).toBe("31b0");
    expect(onWire({ ...seven, parity: "mark" }, ones).toString("hex")).toBe("b1b0");
    expect(onWire({ ...seven, parity: "space" }, ones).toString("hex")).toBe("3130");
    const { dataBits, parity, stopBits } = wireForm({ ...seven, parity: "even" });
    expect({ dataBits, parity, stopBits }).toEqual({ dataBits: 8, parity: "none", stopBits: 1 });
  });

  it.each(["even", "odd", "mark", "space"] as const)(
    "that is %s is taken off, and a byte in which it is wrong is no character any more",
    (parity) => {
      const heard = onWire({ ...seven, parity });
      heard[22] = (heard[22] ?? 0) ^ 0x01;
      heard[24] = (heard[24] ?? 0) ^ 0x80;
      wireForm({ ...seven, parity }).read(heard);
      const wrong = parity === "even" || parity === "odd" ? [22, 24] : [24];
      const expected = Buffer.from(text);
      if (wrong.length === 1) expected[22] = (expected[22] ?? 0) ^ 0x01;
      for (const at of wrong) expected[at] = 0x1a;
      expect(String(heard)).toBe(String(expected));
    },
  );

  it("is none of a pseudo-terminal, which has no wire", () => {
    const form = wireForm({ ...seven, parity: "even" }, false);
    const bytes = Buffer.from(text);
    form.write(bytes);
    form.read(bytes);
    expect(String(bytes)).toBe(text);
  });
});

describe("a parity bit of eight data bits", () => {
  const eight = { data_bits: 8, stop_bits: 1 } as const;

  it("is the matter of the system, and one that is always 1 a stop bit", () => {
    expect(wireForm({ ...eight, parity: "even" })).toMatchObject({ dataBits: 8, parity: "even" });
    expect(wireForm({ ...eight, parity: "mark" })).toMatchObject({ parity: "none", stopBits: 2 });
  });
});
