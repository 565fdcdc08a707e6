/**
 * Checksums written anew behind damaged bytes, by codec: what they keep out is seen by no reader of what
 * they cover, and a device may be wrong and right about its checksum.
 */
import { checksumOf } from "../../src/core/checksums.ts";

type Seal = (bytes: Uint8Array) => Uint8Array;

export const seals: Readonly<Record<string, Seal>> = {
  nmea: (bytes) => Buffer.from(text(bytes).split("\n").map(sentence).join("\n"), "latin1"),
  dsmr(bytes) {
    const end = text(bytes).lastIndexOf("!");
    const body = end === -1 ? Buffer.concat([bytes, Buffer.from("!")]) : bytes.subarray(0, end + 1);
    const sum = checksumOf("crc16-arc", body).toString(16).padStart(4, "0");
    return Buffer.concat([body, Buffer.from(`${sum}\r\n`)]);
  },
  sml: (bytes) => (text(bytes).startsWith("\x1b\x1b\x1b\x1b") ? transport(bytes) : message(bytes)),
  "iec62056-21"(bytes) {
    const start = bytes.indexOf(0x02);
    const end = bytes.indexOf(0x03, start);
    if (start === -1 || end === -1) return bytes;
    const sum = checksumOf("xor", bytes.subarray(start + 1, end + 1));
    return Buffer.concat([bytes.subarray(0, end + 1), Buffer.of(sum)]);
  },
  "ve-direct"(bytes) {
    const label = "Checksum\t";
    const end = text(bytes).lastIndexOf(label);
    const body = bytes.subarray(0, end === -1 ? bytes.length : end);
    const covered = Buffer.concat([body, Buffer.from(label)]);
    return Buffer.concat([covered, Buffer.of(256 - (checksumOf("sum", covered) % 256))]);
  },
  struct(bytes) {
    if (bytes[0] === 0xaa) return sealedAt(bytes, bytes.length - 2, 1, 2);
    return sealedAt(bytes, bytes.length - 2, 2, 0);
  },
};

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function sentence(line: string): string {
  const star = line.lastIndexOf("*");
  const body = star === -1 ? line.trimEnd() : line.slice(0, star);
  const sum = checksumOf("xor", Buffer.from(body.slice(1), "latin1"));
  return `${body}*${sum.toString(16).padStart(2, "0")}`;
}

/** With what fills it up to four bytes. */
function transport(bytes: Uint8Array): Uint8Array {
  const end = text(bytes).lastIndexOf("\x1b\x1b\x1b\x1b\x1a");
  const filled = end > 0 ? (bytes[end + 5] ?? 0) : 0;
  const body = bytes.subarray(0, end > 0 ? Math.max(8, end - filled) : bytes.length);
  const fill = (4 - (body.length % 4)) % 4;
  const covered = Buffer.concat([
    body,
    Buffer.alloc(fill),
    Buffer.of(0x1b, 0x1b, 0x1b, 0x1b, 0x1a, fill),
  ]);
  return Buffer.concat([covered, lowFirst(checksumOf("crc16-x25", covered))]);
}

/** The last message: its checksum stands in front of its last byte. */
function message(bytes: Uint8Array): Uint8Array {
  const covered = bytes.subarray(0, Math.max(0, bytes.length - 4));
  const sum = lowFirst(checksumOf("crc16-x25", covered));
  return Buffer.concat([covered, Buffer.of(0x63), sum, Buffer.of(0)]);
}

function lowFirst(sum: number): Buffer {
  return Buffer.of(sum & 0xff, sum >> 8);
}

/** The sum of the bytes from `from` on, highest byte first. */
function sealedAt(bytes: Uint8Array, at: number, size: 1 | 2, from: number): Uint8Array {
  if (at < from) return bytes;
  const sealed = Buffer.from(bytes);
  const sum = checksumOf("sum", bytes.subarray(from, at));
  if (size === 1) sealed[at] = sum % 256;
  else sealed.writeUInt16BE(sum % 65_536, at);
  return sealed;
}
