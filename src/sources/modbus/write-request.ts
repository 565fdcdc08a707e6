/** Writes of coils and registers: functions 5, 6, 15 and 16, and what their answers mean. */
import type { DeviceWrite, WriteOutcome } from "../../core/device-write.ts";
import { exceptionWords } from "./exceptions.ts";
import type { Answer, ModbusRequest } from "./request.ts";

export type RegistersWrite = Extract<DeviceWrite, { kind: "registers" }>;

/** Modbus 1.1b3 §6.11 and §6.12. */
const mostCoils = 1_968;
const mostRegisters = 123;
const coilOn = 0xff00;

/** The request, or why there cannot be one. */
export function writeRequest(
  unit: number,
  { at, single, table, values }: RegistersWrite,
): ModbusRequest | { readonly problem: string } {
  const isCoil = table === "coil";
  const most = isCoil ? mostCoils : mostRegisters;
  const highest = isCoil ? 1 : 65_535;
  if (values.length < 1 || values.length > most || (single && values.length > 1))
    return { problem: `${values.length} values cannot be written at once` };
  if (!values.every((value) => Number.isInteger(value) && value >= 0 && value <= highest))
    return { problem: `a ${table} holds whole numbers from 0 to ${highest}` };
  if (!Number.isInteger(at) || at < 0 || at + values.length > 65_536)
    return { problem: `there is no address ${at + values.length - 1}` };
  const [first = 0] = values;
  if (single) {
    const pdu = Uint8Array.of(
      isCoil ? 5 : 6,
      ...pair(at),
      ...pair(isCoil ? first * coilOn : first),
    );
    return { unit, pdu, answerLength: pdu.length, head: pdu };
  }
  const held = isCoil ? packed(values) : values.flatMap(pair);
  const head = Uint8Array.of(isCoil ? 15 : 16, ...pair(at), ...pair(values.length));
  return {
    unit,
    pdu: Uint8Array.of(...head, held.length, ...held),
    answerLength: head.length,
    head,
  };
}

function pair(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}

/** The first in the lowest bit. */
function packed(values: readonly number[]): number[] {
  const bytes = new Array<number>(Math.ceil(values.length / 8)).fill(0);
  for (const [at, value] of values.entries())
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (value << (at & 7));
  return bytes;
}

/** Only an answer that repeats the request says that it was done. */
export function outcomeOf(answer: Answer): WriteOutcome {
  switch (answer.kind) {
    case "data":
      return { outcome: "delivered" };
    case "exception":
      return outcomeOfException(answer.code);
    case "damage":
    case "silence":
      return { outcome: "unknown", text: answer.text };
    case "gone":
      return { outcome: answer.sent ? "unknown" : "absent", text: answer.text };
  }
}

function outcomeOfException(code: number): WriteOutcome {
  const text = exceptionWords(code);
  if (code === 5) return { outcome: "delivered", text };
  // A device that failed in the middle of it, or behind a gateway that heard nothing.
  if (code === 4 || code === 11) return { outcome: "unknown", text };
  // Nothing was done, and the same may be taken a moment later.
  return { outcome: code === 6 || code === 10 ? "absent" : "refused", text };
}
