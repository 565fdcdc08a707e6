/** Frames of Modbus RTU: unit, function code, data, and a CRC-16 with its low byte first. */
import { checksumOf } from "../../core/checksums.ts";
import { type LineFrames, mostNoiseInFront, wordsOfDamage } from "./line-frames.ts";
import { beginsAt, exceptionFlag, exceptionLength } from "./request.ts";

/** Unit and CRC. */
const aroundPdu = 3;
/** A read, or a write of one value. */
const shortRequestBytes = 8;

export const rtuFrames: LineFrames = {
  longestBytes: 256,

  frameOf({ pdu, unit }) {
    const frame = new Uint8Array(pdu.length + aroundPdu);
    frame[0] = unit;
    frame.set(pdu, 1);
    const crc = checksumOf("crc16-modbus", frame.subarray(0, -2));
    frame[frame.length - 2] = crc & 0xff;
    frame[frame.length - 1] = crc >> 8;
    return frame;
  },

  answerBytes: ({ answerLength }) => answerLength + aroundPdu,

  findAnswer({ answerLength, head, unit }, bytes, from) {
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
  },

  findRequest(bytes) {
    for (let at = 0; at + shortRequestBytes <= bytes.length; at += 1) {
      const code = bytes[at + 1] ?? 0;
      if (code >= 1 && code <= 6 && isFrame(bytes, at, shortRequestBytes)) return bytes[at];
    }
    return undefined;
  },

  isWholeAnswer(bytes, at) {
    const code = bytes[at + 1] ?? 0;
    if ((code & exceptionFlag) !== 0) return isFrame(bytes, at, exceptionLength + aroundPdu);
    return isFrame(bytes, at, code <= 4 ? 2 + (bytes[at + 2] ?? 0) + aroundPdu : shortRequestBytes);
  },

  isOfUnit({ head, unit }, bytes, from) {
    const [code = 0] = head;
    for (let at = from; at <= from + mostNoiseInFront && at + 1 < bytes.length; at += 1)
      if (bytes[at] === unit && ((bytes[at + 1] ?? 0) & ~exceptionFlag) === code) return true;
    return false;
  },

  unitAt: (bytes, at) => bytes[at],

  damageWords: (request, bytes, from) =>
    wordsOfDamage(request, bytes.subarray(from), { name: "CRC", bytes: 2 }),
};

/** True where so many bytes from a place on are a whole frame. */
function isFrame(bytes: Uint8Array, at: number, length: number): boolean {
  const end = at + length;
  if (end > bytes.length || length <= aroundPdu) return false;
  const crc = checksumOf("crc16-modbus", bytes.subarray(at, end - 2));
  return bytes[end - 2] === (crc & 0xff) && bytes[end - 1] === crc >> 8;
}
