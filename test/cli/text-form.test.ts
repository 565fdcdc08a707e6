import { describe, expect, it } from "vitest";
import { textFormOf } from "../../src/cli/text-form.ts";
import { wireForm } from "../../src/sources/lines/wire-form.ts";

const telegram = "/ESY5Q3DA1004 V3.04\r\n\r\n1-0:1.8.0*255(00032549.5061662*kWh)\r\n!\r\n";

describe("what a port says", () => {
  it.each([
    ["even", 7],
    ["odd", 7],
    ["none", 8],
  ] as const)("is text with the parity %s", (parity, data_bits) => {
    const bytes = Buffer.from(telegram);
    wireForm({ data_bits, parity, stop_bits: 1 }).write(bytes);
    expect(textFormOf(bytes)).toEqual({ data_bits, parity, share: 1 });
  });

  it("is eight bits where it is no text", () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 37) & 0xff));
    expect(textFormOf(bytes)).toMatchObject({ data_bits: 8, parity: "none" });
    expect(textFormOf(Buffer.alloc(0))).toEqual({ data_bits: 8, parity: "none", share: 0 });
  });
});
