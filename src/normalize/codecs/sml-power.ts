/** Which way energy flows, as the status of a meter says it; and a maker's mistake that only this mends. */
import type { SmlValue } from "./sml-reader.ts";

/** Statuses of three bytes are those of FNN meters, shorter ones those of EDL. */
const fnnStatus = 0x100000n;
const fnnExporting = 0x800n;
const edlExporting = 0x20n;

/** True where a status says that energy flows out; undefined without one. */
export function isExporting(status: bigint | undefined): boolean | undefined {
  if (status === undefined) return undefined;
  return (status & (status >= fnnStatus ? fnnExporting : edlExporting)) !== 0n;
}

/**
 * Meters of DZG write powers without a sign into as few bytes as they fill and call those signed: from
 * 327.68 W to 655.35 W, and from 1.28 W to 2.55 W, they look negative. Where energy flows in, such a power
 * is meant without a sign. Real negative powers of theirs have four bytes.
 */
export function powerMeant(
  value: Extract<SmlValue, { kind: "number" }>,
  maker: string,
  exporting: boolean | undefined,
): bigint {
  const isWrapped = maker === "DZG" && value.signed && value.size < 4 && value.value < 0n;
  return isWrapped && exporting === false
    ? BigInt.asUintN(value.size * 8, value.value)
    : value.value;
}

/**
 * The power that a meter takes, negative where it feeds in. Some write it without a sign (`15.7.0`): the
 * status knows the direction.
 */
export function powerTaken(
  values: Readonly<Record<string, unknown>>,
  exporting: boolean | undefined,
): number | null {
  const signed = values["16.7.0"] ?? values["1.7.0"] ?? values["1.7.1"];
  if (typeof signed === "number") return signed;
  const absolute = values["15.7.0"];
  if (typeof absolute !== "number") return null;
  return exporting === true ? -absolute : absolute;
}
