import { checksumOf } from "../../core/checksums.ts";
import type { LineFrame } from "../lines/line-family.ts";
import type { Request, RequestReader } from "./slave.ts";

const mostWaiting = 512;
const shortestFrame = 4;

/** Requests on a line: address, request, checksum. */
export class RtuRequests implements RequestReader {
  #waiting: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): readonly Request[] {
    this.#waiting = Buffer.concat([this.#waiting, bytes]).subarray(-mostWaiting);
    const found: Request[] = [];
    while (this.#waiting.length >= shortestFrame) {
      const length = lengthOf(this.#waiting);
      if (length !== undefined && length > this.#waiting.length) break;
      if (length === undefined || !isWhole(this.#waiting.subarray(0, length))) {
        this.#waiting = this.#waiting.subarray(1);
        continue;
      }
      const frame = Buffer.from(this.#waiting.subarray(0, length));
      this.#waiting = this.#waiting.subarray(length);
      const unit = frame[0] ?? 0;
      found.push({ unit, pdu: frame.subarray(1, -2), answer: (pdu) => rtuFrame(unit, pdu) });
    }
    return found;
  }
}

/** Of the frame that begins here; undefined where no request begins so. */
function lengthOf(bytes: Buffer): number | undefined {
  const code = bytes[1] ?? 0;
  if (code >= 1 && code <= 6) return 8;
  if (code === 15 || code === 16) return 9 + (bytes[6] ?? 0);
  return code < 0x80 ? 8 : undefined;
}

function isWhole(frame: Buffer): boolean {
  const body = frame.subarray(0, -2);
  return checksumOf("crc16-modbus", body) === frame.readUInt16LE(body.length);
}

function rtuFrame(unit: number, pdu: Buffer): LineFrame {
  const body = Buffer.concat([Buffer.from([unit]), pdu]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(checksumOf("crc16-modbus", body));
  return { bytes: Buffer.concat([body, checksum]), checksumAt: body.length };
}
