/** What the values of SML mean: numbers with scaler, texts, names of meters, times. */
import type { SmlValue } from "./sml-reader.ts";

/** The number itself, and 10 to the power of the scaler; a text where digits would be lost. */
export function scaledNumber(value: bigint, scaler: number): number | string {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return String(value);
  // Divided, since a tenth has no exact number.
  return scaler < 0 ? number / 10 ** -scaler : number * 10 ** scaler;
}

export function wholeNumber(value: SmlValue | undefined): number | undefined {
  return value?.kind === "number" ? Number(value.value) : undefined;
}

export function octets(value: SmlValue | undefined): Uint8Array | undefined {
  return value?.kind === "bytes" && value.bytes.length > 0 ? value.bytes : undefined;
}

/** A text where the bytes are one, else their digits in hex. */
export function textOrHex(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  return /^[\x20-\x7e]+$/.test(text) ? text.trim() : Buffer.from(bytes).toString("hex");
}

/**
 * The name of a meter as it is printed on it (DIN 43863-5): `1EMH0012345678`, from medium, letters of the
 * maker, block and number; in hex where the bytes are another name.
 */
export function meterId(bytes: Uint8Array): string {
  const [first, medium] = bytes;
  const maker = Buffer.from(bytes.subarray(2, 5)).toString("latin1");
  const isPrinted =
    bytes.length === 10 && (first === 9 || first === 10) && /^[A-Z]{3}$/.test(maker);
  if (!isPrinted) return textOrHex(bytes);
  const block = Buffer.from(bytes.subarray(5, 6)).toString("hex").toUpperCase();
  const number = Buffer.from(bytes).readUInt32BE(6);
  return `${medium}${maker}${block}${String(number).padStart(8, "0")}`;
}

/** `1-0:1.8.0*255` of six bytes. */
export function obisOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length !== 6) return undefined;
  const [a, b, c, d, e, f] = bytes;
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
}

/**
 * Seconds since 1970 where a time is one of the calendar. Most meters only count since they were built:
 * that is no time.
 */
export function epochSeconds(value: SmlValue | undefined): number | null {
  if (value?.kind !== "list") return null;
  const [choice, time] = value.members;
  const kind = wholeNumber(choice);
  if (kind === 2) return wholeNumber(time) ?? null;
  if (kind === 3 && time?.kind === "list") return wholeNumber(time.members[0]) ?? null;
  return null;
}
