/**
 * Frames of Modbus ASCII: a colon, two hexadecimal digits for each byte of unit, function code, data and
 * LRC, and CR LF (Modbus over serial line 1.02 §2.5.2).
 */
import { checksumIn } from "../../core/checksums.ts";
import { type LineFrames, mostNoiseInFront, wordsOfDamage } from "./line-frames.ts";
import { beginsAt, exceptionFlag, exceptionLength } from "./request.ts";

const colon = 0x3a;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
/** Colon, CR and LF. */
const aroundDigits = 3;
/** Unit and LRC. */
const aroundPdu = 2;
const mostPduBytes = 253;
/** Unit, function code, and two numbers. */
const shortRequestBytes = 6;

function bytesOnLine(pduLength: number): number {
  return aroundDigits + 2 * (pduLength + aroundPdu);
}

export const asciiFrames: LineFrames = {
  longestBytes: bytesOnLine(mostPduBytes),

  frameOf({ pdu, unit }) {
    const body = Buffer.from([unit, ...pdu]);
    const whole = Buffer.from([...body, checksumIn("lrc", body, 1)]);
    return Uint8Array.from(Buffer.from(`:${whole.toString("hex").toUpperCase()}\r\n`));
  },

  answerBytes: ({ answerLength }) => bytesOnLine(answerLength),

  findAnswer({ answerLength, head, unit }, bytes, from) {
    const [code = 0] = head;
    for (let at = from; at < bytes.length; at += 1) {
      const frame = frameAt(bytes, at);
      if (frame === undefined || frame[0] !== unit) continue;
      if (frame[1] === (code | exceptionFlag) && frame.length === 1 + exceptionLength)
        return { kind: "exception", code: frame[2] ?? 0 };
      if (beginsAt(head, frame, 1) && frame.length === 1 + answerLength)
        return { kind: "data", pdu: frame.slice(1) };
    }
    return undefined;
  },

  findRequest(bytes) {
    for (let at = 0; at < bytes.length; at += 1) {
      const frame = frameAt(bytes, at);
      const code = frame?.[1] ?? 0;
      if (frame?.length === shortRequestBytes && code >= 1 && code <= 6) return frame[0];
    }
    return undefined;
  },

  isWholeAnswer: (bytes, at) => frameAt(bytes, at) !== undefined,

  isOfUnit({ head, unit }, bytes, from) {
    for (let at = from; at <= from + mostNoiseInFront && at < bytes.length; at += 1) {
      if (bytes[at] !== colon) continue;
      const [first, code = 0] = digitsAt(bytes, at + 1);
      if (first === unit && (code & ~exceptionFlag) === head[0]) return true;
    }
    return false;
  },

  unitAt: (bytes, at) => (bytes[at] === colon ? digitsAt(bytes, at + 1)[0] : undefined),

  damageWords(request, bytes, from) {
    const came = digitsAt(bytes, bytes[from] === colon ? from + 1 : from);
    const checksum = { name: "LRC", bytes: 1 };
    if (bytes[from] === colon && came[0] === request.unit)
      return wordsOfDamage(request, came, checksum);
    return `${bytes.length - from} characters came that are no answer of unit ${request.unit}`;
  },
};

/** Unit, function code and data of the whole frame that begins at a place. */
function frameAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  if (bytes[at] !== colon) return undefined;
  const came = digitsAt(bytes, at + 1);
  const end = at + 1 + 2 * came.length;
  if (bytes[end] !== carriageReturn || bytes[end + 1] !== lineFeed) return undefined;
  if (came.length <= aroundPdu) return undefined;
  const body = came.subarray(0, -1);
  return checksumIn("lrc", body, 1) === came[came.length - 1] ? body : undefined;
}

/** The bytes whose digits stand from a place on, as far as there are two for each. */
function digitsAt(bytes: Uint8Array, at: number): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Buffer.from(view.toString("latin1", at), "hex");
}
