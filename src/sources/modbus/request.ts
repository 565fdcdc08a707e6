/** What is asked of a unit, and what belongs to it among the bytes that come back. */
import type { RegisterBlock, RegisterTable } from "../../core/poll-plan.ts";

/** A request without what a line puts around it: function code and data (Modbus 1.1b3 §4.1). */
export interface ModbusRequest {
  /** The address of the device on the bus; behind a gateway, its unit id. */
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** How long the answer is, function code and all. */
  readonly answerLength: number;
  /** What an answer begins with, the function code first; the whole of it where it repeats the request. */
  readonly head: Uint8Array;
}

/** What became of a request. */
export type Answer =
  | { readonly kind: "data"; readonly pdu: Uint8Array }
  | { readonly kind: "exception"; readonly code: number }
  /**
   * Something came, and it is no answer. `isWhole`: it was long enough, so that none will follow.
   * `isOfUnit`: it begins as an answer of the unit would, so that the unit is there.
   */
  | {
      readonly kind: "damage";
      readonly text: string;
      readonly isWhole: boolean;
      readonly isOfUnit: boolean;
    }
  | { readonly kind: "silence"; readonly text: string }
  /** Nothing was sent, or the line went meanwhile. */
  | { readonly kind: "gone"; readonly text: string; readonly sent: boolean };

const readFunctions: Readonly<Record<RegisterTable, number>> = {
  coil: 1,
  discrete: 2,
  holding: 3,
  input: 4,
};

/** Set in the function code of an exception. */
export const exceptionFlag = 0x80;
/** Function code and exception code. */
export const exceptionLength = 2;

/** Functions 1 to 4. */
export function readRequest(unit: number, { at, count, table }: RegisterBlock): ModbusRequest {
  const code = readFunctions[table];
  const isOfBits = table === "coil" || table === "discrete";
  const bytes = isOfBits ? Math.ceil(count / 8) : count * 2;
  return {
    unit,
    pdu: Uint8Array.of(code, at >> 8, at & 0xff, count >> 8, count & 0xff),
    answerLength: 2 + bytes,
    head: Uint8Array.of(code, bytes),
  };
}

/** The digits of a block as payloads have them: hex of registers, zeros and ones of bits. */
export function digitsOf({ count, table }: RegisterBlock, pdu: Uint8Array): string {
  const bytes = Buffer.from(pdu.subarray(2));
  if (table === "holding" || table === "input") return bytes.toString("hex");
  const bits = Array.from({ length: count }, (_, at) => ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1);
  return bits.join("");
}

/** What else of a unit could be the answer to this: its function and its length. */
export function shapeOf({ answerLength, head }: ModbusRequest): string {
  return `${head[0]}/${answerLength}`;
}

/** What is asked, as a text: the same question may be asked again at once. */
export function whatOf({ pdu }: ModbusRequest): string {
  return Buffer.from(pdu).toString("hex");
}

/** True where an answer begins at a place of some bytes, as far as they go. */
export function beginsAt(head: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < head.length; index += 1)
    if (bytes[at + index] !== head[index]) return false;
  return true;
}
