import type { LineFrame } from "../lines/line-family.ts";
import type { Request, RequestReader } from "./slave.ts";

const headLength = 7;
const mostBehindLength = 254;

/** Requests behind TCP: a head of seven bytes says whose answer it will be and how long it is. */
export class TcpRequests implements RequestReader {
  #waiting: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): readonly Request[] {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    const found: Request[] = [];
    while (this.#waiting.length >= headLength) {
      const length = this.#waiting.readUInt16BE(4);
      if (this.#waiting.readUInt16BE(2) !== 0 || length < 2 || length > mostBehindLength) {
        this.#waiting = Buffer.alloc(0);
        break;
      }
      const end = 6 + length;
      if (this.#waiting.length < end) break;
      const frame = Buffer.from(this.#waiting.subarray(0, end));
      this.#waiting = this.#waiting.subarray(end);
      const answer = (pdu: Buffer): LineFrame => {
        const head = Buffer.from(frame.subarray(0, headLength));
        head.writeUInt16BE(pdu.length + 1, 4);
        return { bytes: Buffer.concat([head, pdu]) };
      };
      found.push({ unit: frame[6] ?? 0, pdu: frame.subarray(headLength), answer });
    }
    return found;
  }
}
