/** Frames of Modbus RTU: unit, function code, data, and a CRC-16 with its low byte first. */
import { checksumOf } from "../../core/checksums.ts";
import {
  type Answer,
  beginsAt,
  exceptionFlag,
  exceptionLength,
  type ModbusRequest,
} from "./request.ts";

/** Unit and CRC. */
export const aroundPdu = 3;
/** Where a line is noisy, so many bytes may be in front of a frame. */
const mostNoiseInFront = 4;
/** A read, or a write of one value. */
const shortRequestBytes = 8;

export function toRtuFrame({ pdu, unit }: ModbusRequest): Uint8Array {
  const frame = new Uint8Array(pdu.length + aroundPdu);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = checksumOf("crc16-modbus", frame.subarray(0, -2));
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >> 8;
  return frame;
}

/** True where so many bytes from a place on are a whole frame. */
export function isFrame(bytes: Uint8Array, at: number, length: number): boolean {
  const end = at + length;
  if (end > bytes.length || length <= aroundPdu) return false;
  const crc = checksumOf("crc16-modbus", bytes.subarray(at, end - 2));
  return bytes[end - 2] === (crc & 0xff) && bytes[end - 1] === crc >> 8;
}

/**
 * The answer to a request among bytes that may have noise around it; undefined as long as it is not
 * whole. A switch of direction leaves a byte or two in front of many a frame.
 */
export function findAnswer(
  { answerLength, head, unit }: ModbusRequest,
  bytes: Uint8Array,
  from: number,
): Extract<Answer, { kind: "data" | "exception" }> | undefined {
  const [code = 0] = head;
  for (let at = from; at + aroundPdu < bytes.length; at += 1) {
    if (bytes[at] !== unit) continue;
    if (bytes[at + 1] === (code | exceptionFlag)) {
      if (isFrame(bytes, at, exceptionLength + aroundPdu))
        return { kind: "exception", code: bytes[at + 2] ?? 0 };
    } else if (beginsAt(head, bytes, at + 1) && isFrame(bytes, at, answerLength + aroundPdu))
      return { kind: "data", pdu: bytes.slice(at + 1, at + 1 + answerLength) };
  }
  return undefined;
}

/** True where what stands at a place is a whole answer, to whatever was asked. */
export function isWholeAnswer(bytes: Uint8Array, at: number): boolean {
  const code = bytes[at + 1] ?? 0;
  if ((code & exceptionFlag) !== 0) return isFrame(bytes, at, exceptionLength + aroundPdu);
  return isFrame(bytes, at, code <= 4 ? 2 + (bytes[at + 2] ?? 0) + aroundPdu : shortRequestBytes);
}

/**
 * True where what came begins as an answer of the unit does, whatever became of the rest. Bytes that a
 * switch of direction leaves on the line say nothing of the unit.
 */
export function isOfUnit({ head, unit }: ModbusRequest, bytes: Uint8Array, from: number): boolean {
  const [code = 0] = head;
  for (let at = from; at <= from + mostNoiseInFront && at + 1 < bytes.length; at += 1)
    if (bytes[at] === unit && ((bytes[at + 1] ?? 0) & ~exceptionFlag) === code) return true;
  return false;
}

/** The unit of a request that somebody else sent; undefined where there is none in the bytes. */
export function findRequest(bytes: Uint8Array): number | undefined {
  for (let at = 0; at + shortRequestBytes <= bytes.length; at += 1) {
    const code = bytes[at + 1] ?? 0;
    if (code >= 1 && code <= 6 && isFrame(bytes, at, shortRequestBytes)) return bytes[at];
  }
  return undefined;
}

/** What came in place of an answer, in words. */
export function damageWords(
  { answerLength, head, unit }: ModbusRequest,
  bytes: Uint8Array,
  from: number,
): string {
  const length = bytes.length - from;
  const wanted = answerLength + aroundPdu;
  if (bytes[from] !== unit) return `${length} bytes came that are no answer of unit ${unit}`;
  const code = bytes[from + 1];
  if (code !== head[0] && code !== ((head[0] ?? 0) | exceptionFlag))
    return `unit ${unit} answered with function ${code}, asked was ${head[0]}`;
  if (length !== wanted) return `the answer has ${length} bytes, and should have ${wanted}`;
  return beginsAt(head, bytes, from + 1)
    ? "the CRC of the answer is wrong"
    : "the answer is to another request";
}
