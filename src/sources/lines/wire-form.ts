/**
 * How bytes stand on the wire. A parity bit is one more data bit, and as such it is set and looked at here
 * where a byte has room for it: the package cannot set mark and space, and does not ask the system to
 * check the others, which hands bytes over whose parity is wrong as if they were right.
 */
import type { LineOptions } from "./options.ts";

/** Settings that the package takes, and what becomes of bytes. */
export interface WireForm {
  readonly dataBits: LineOptions["data_bits"];
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
  /** Of bytes as they came, in place; one whose parity is wrong becomes SUB. */
  readonly read: (bytes: Uint8Array) => void;
  /** As they are to be sent, in place. */
  readonly write: (bytes: Uint8Array) => void;
}

type Form = Pick<LineOptions, "data_bits" | "parity" | "stop_bits">;

/** What ASCII has in place of a character that was found to be wrong. */
const sub = 0x1a;
const asTheyAre = (): void => {};
const wider = { 5: 6, 6: 7, 7: 8 } as const;

/** `hasParity`: bytes of the port have a parity bit; those of a pseudo-terminal have none. */
export function wireForm({ data_bits, parity, stop_bits }: Form, hasParity = true): WireForm {
  const plain = { stopBits: stop_bits, read: asTheyAre, write: asTheyAre };
  if (!hasParity || parity === "none") return { ...plain, dataBits: data_bits, parity: "none" };
  if (data_bits !== 8)
    return { ...plain, ...inBytes(data_bits, parity), dataBits: wider[data_bits], parity: "none" };
  // No byte has room for the ninth bit. One that is always 1 looks like one more stop bit.
  if (parity === "even" || parity === "odd") return { ...plain, dataBits: 8, parity };
  return { ...plain, dataBits: 8, parity: "none", stopBits: 2 };
}

function inBytes(dataBits: 5 | 6 | 7, parity: LineOptions["parity"]) {
  const mask = 2 ** dataBits - 1;
  const whole = Uint8Array.from({ length: mask + 1 }, (_, value) => {
    const isOdd = (value.toString(2).match(/1/g) ?? []).length % 2 === 1;
    const bit = parity === "mark" || (parity === "even" && isOdd) || (parity === "odd" && !isOdd);
    return bit ? value + mask + 1 : value;
  });
  const change = (bytes: Uint8Array, to: (byte: number) => number): void => {
    for (const [at, byte] of bytes.entries()) bytes[at] = to(byte);
  };
  return {
    read: (bytes: Uint8Array) =>
      change(bytes, (byte) => (whole[byte & mask] === byte ? byte & mask : sub)),
    write: (bytes: Uint8Array) => change(bytes, (byte) => whole[byte & mask] ?? 0),
  };
}
