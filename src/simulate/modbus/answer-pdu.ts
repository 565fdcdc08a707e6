/** What a Modbus device answers to a request: functions 1 to 6, 15 and 16, and why it refuses. */
import type { RegisterTable } from "../../core/poll-plan.ts";
import type { RegisterBank } from "./register-bank.ts";

export const illegalFunction = 1;
const illegalAddress = 2;
const illegalValue = 3;
export const deviceFailure = 4;

const mostBits = 2_000;
const mostRegisters = 125;
const mostWrittenBits = 1_968;
const mostWrittenRegisters = 123;

const on = 0xff00;

/** Without address and checksum; `number` is that of the reading. */
export function answerPdu(request: Buffer, bank: RegisterBank, number: number): Buffer {
  const [code = 0] = request;
  if (request.length < 5) return exception(code, illegalValue);
  const at = request.readUInt16BE(1);
  const second = request.readUInt16BE(3);
  switch (code) {
    case 1:
      return readBits(code, "coil", at, second, bank, number);
    case 2:
      return readBits(code, "discrete", at, second, bank, number);
    case 3:
      return readRegisters(code, "holding", at, second, bank, number);
    case 4:
      return readRegisters(code, "input", at, second, bank, number);
    case 5:
      if (second !== on && second !== 0) return exception(code, illegalValue);
      return written(request, bank.write("coil", at, [second === on ? 1 : 0]));
    case 6:
      return written(request, bank.write("holding", at, [second]));
    case 15:
      return writeBits(request, at, second, bank);
    case 16:
      return writeRegisters(request, at, second, bank);
    default:
      return exception(code, illegalFunction);
  }
}

export function exception(code: number, reason: number): Buffer {
  return Buffer.from([code | 0x80, reason]);
}

function readBits(
  code: number,
  table: RegisterTable,
  at: number,
  count: number,
  bank: RegisterBank,
  number: number,
): Buffer {
  if (count < 1 || count > mostBits) return exception(code, illegalValue);
  const bits = bank.read(table, at, count, number);
  if (bits === undefined) return exception(code, illegalAddress);
  const bytes = Buffer.alloc(Math.ceil(count / 8));
  for (const [n, bit] of bits.entries()) bytes[n >> 3] = (bytes[n >> 3] ?? 0) | (bit << (n & 7));
  return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
}

function readRegisters(
  code: number,
  table: RegisterTable,
  at: number,
  count: number,
  bank: RegisterBank,
  number: number,
): Buffer {
  if (count < 1 || count > mostRegisters) return exception(code, illegalValue);
  const words = bank.read(table, at, count, number);
  if (words === undefined) return exception(code, illegalAddress);
  const bytes = Buffer.alloc(2 + count * 2);
  bytes[0] = code;
  bytes[1] = count * 2;
  for (const [n, word] of words.entries()) bytes.writeUInt16BE(word, 2 + n * 2);
  return bytes;
}

function writeBits(request: Buffer, at: number, count: number, bank: RegisterBank): Buffer {
  const bytes = request.subarray(6);
  const fits = count >= 1 && count <= mostWrittenBits && bytes.length === Math.ceil(count / 8);
  if (!fits || request[5] !== bytes.length) return exception(15, illegalValue);
  const bits = Array.from({ length: count }, (_, n) => ((bytes[n >> 3] ?? 0) >> (n & 7)) & 1);
  return written(request, bank.write("coil", at, bits));
}

function writeRegisters(request: Buffer, at: number, count: number, bank: RegisterBank): Buffer {
  const bytes = request.subarray(6);
  const fits = count >= 1 && count <= mostWrittenRegisters && bytes.length === count * 2;
  if (!fits || request[5] !== bytes.length) return exception(16, illegalValue);
  const words = Array.from({ length: count }, (_, n) => bytes.readUInt16BE(n * 2));
  return written(request, bank.write("holding", at, words));
}

/** A write is answered with its beginning. */
function written(request: Buffer, done: boolean): Buffer {
  return done ? Buffer.from(request.subarray(0, 5)) : exception(request[0] ?? 0, illegalAddress);
}
