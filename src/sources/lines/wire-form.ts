/**
 * Mark and space as what they are on the wire, since the package cannot set them: a parity bit that is
 * always 1 looks like one more stop bit, one that is always 0 like one more data bit.
 */
import type { LineOptions } from "./options.ts";

/** Settings that the package takes. */
export interface WireForm {
  readonly dataBits: LineOptions["data_bits"];
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
}

export function wireForm({
  data_bits: dataBits,
  parity,
  stop_bits: stopBits,
}: Pick<LineOptions, "data_bits" | "parity" | "stop_bits">): WireForm {
  if (parity === "mark") return { dataBits, parity: "none", stopBits: 2 };
  if (parity !== "space") return { dataBits, parity, stopBits };
  const wider = dataBits === 5 ? 6 : dataBits === 6 ? 7 : 8;
  return { dataBits: wider, parity: "none", stopBits };
}
