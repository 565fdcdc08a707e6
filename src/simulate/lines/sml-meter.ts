import { checksumOf } from "../../core/checksums.ts";
import { rounded } from "../behavior.ts";
import type { LineFamily, LineFrame } from "./line-family.ts";
import { powerAt } from "./quantities.ts";
import { talker } from "./talker.ts";

/** A tenth of a watt-hour more with each reading. */
function valuesOf(number: number) {
  return {
    energy_import: rounded(5_000 + number / 10_000, 4),
    energy_export: 262.4457,
    power: powerAt(number) - 1_200,
  };
}

const meter = "0a01454d480000a1bd34";

export const smlMeter: LineFamily = {
  name: "sml",
  about: "German electricity meter that feeds in at times, SML",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  everyMs: 1_000,
  told: {
    profile: "sml/meter",
    values: valuesOf,
    counter: {
      metric: "energy_import",
      numberOf: (energy) => Math.round((energy - 5_000) * 10_000),
    },
  },
  open: talker((number) => {
    const values = valuesOf(number);
    const status = values.power < 0 ? "641c0904" : "641c0104";
    const list = [
      entry("010060320101", "01", "01", "01", "04454d48"),
      entry("0100600100ff", "01", "01", "01", `0b${meter}`),
      entry("0100010800ff", status, "621e", "52ff", unsigned(values.energy_import * 10_000)),
      entry("0100020800ff", "01", "621e", "52ff", unsigned(values.energy_export * 10_000)),
      entry("0100100700ff", "01", "621b", "5200", signed(values.power)),
    ];
    const seconds = `726201${unsigned(number)}`;
    return [
      transported([
        message(1, "0101", `760101${unsigned(number)}0b${meter}0101`),
        message(2, "0701", `77010b${meter}070100620affff${seconds}75${list.join("")}0101`),
        message(3, "0201", "7101"),
      ]),
    ];
  }),
};

/** Name, status, unit, scaler and value; without a time and a signature of its own. */
function entry(name: string, status: string, unit: string, scaler: string, value: string): string {
  return `7707${name}${status}01${unit}${scaler}${value}01`;
}

function unsigned(value: number): string {
  return `65${Math.round(value).toString(16).padStart(8, "0")}`;
}

function signed(value: number): string {
  return `55${(Math.round(value) >>> 0).toString(16).padStart(8, "0")}`;
}

function message(place: number, kind: string, body: string): Buffer {
  const bytes = Buffer.from(`76020${place}620062007263${kind}${body}`, "hex");
  return Buffer.concat([bytes, Buffer.from([0x63]), crcOf(bytes), Buffer.from([0])]);
}

function crcOf(bytes: Uint8Array): Buffer {
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(checksumOf("crc16-x25", bytes));
  return crc;
}

function transported(messages: readonly Buffer[]): LineFrame {
  const inner = Buffer.concat(messages);
  const fill = (4 - (inner.length % 4)) % 4;
  const bytes = Buffer.concat([
    Buffer.from("1b1b1b1b01010101", "hex"),
    escaped(Buffer.concat([inner, Buffer.alloc(fill)])),
    Buffer.from("1b1b1b1b1a", "hex"),
    Buffer.from([fill]),
  ]);
  return { bytes: Buffer.concat([bytes, crcOf(bytes)]), checksumAt: bytes.length };
}

/** Four bytes that look like an escape stand twice. */
function escaped(bytes: Buffer): Buffer {
  const mark = Buffer.from("1b1b1b1b", "hex");
  const at = bytes.indexOf(mark);
  if (at === -1) return bytes;
  return Buffer.concat([bytes.subarray(0, at), mark, mark, escaped(bytes.subarray(at + 4))]);
}
