/** The checksums that devices put behind their bytes, by the names that their manuals use. */

interface Crc {
  readonly width: 8 | 16 | 32;
  /** Written as for the direction in which it is applied. */
  readonly polynomial: number;
  readonly start: number;
  /** The lowest bit of a byte comes first. */
  readonly reflected: boolean;
  readonly end: number;
}

const crcs = {
  crc8: { width: 8, polynomial: 0x07, start: 0, reflected: false, end: 0 },
  "crc8-maxim": { width: 8, polynomial: 0x8c, start: 0, reflected: true, end: 0 },
  "crc8-sensirion": { width: 8, polynomial: 0x31, start: 0xff, reflected: false, end: 0 },
  "crc16-arc": { width: 16, polynomial: 0xa001, start: 0, reflected: true, end: 0 },
  "crc16-modbus": { width: 16, polynomial: 0xa001, start: 0xffff, reflected: true, end: 0 },
  "crc16-ccitt": { width: 16, polynomial: 0x1021, start: 0xffff, reflected: false, end: 0 },
  "crc16-xmodem": { width: 16, polynomial: 0x1021, start: 0, reflected: false, end: 0 },
  "crc16-kermit": { width: 16, polynomial: 0x8408, start: 0, reflected: true, end: 0 },
  "crc16-mcrf4xx": { width: 16, polynomial: 0x8408, start: 0xffff, reflected: true, end: 0 },
  "crc16-genibus": { width: 16, polynomial: 0x1021, start: 0xffff, reflected: false, end: 0xffff },
  "crc16-x25": { width: 16, polynomial: 0x8408, start: 0xffff, reflected: true, end: 0xffff },
  crc32: { width: 32, polynomial: 0xedb88320, start: -1, reflected: true, end: -1 },
} satisfies Readonly<Record<string, Crc>>;

export const checksums = [
  "sum",
  "sum-inverted",
  "xor",
  "lrc",
  "crc8",
  "crc8-maxim",
  "crc8-sensirion",
  "crc16-arc",
  "crc16-modbus",
  "crc16-ccitt",
  "crc16-xmodem",
  "crc16-kermit",
  "crc16-x25",
  "crc16-mcrf4xx",
  "crc16-genibus",
  "crc32",
  "fletcher16",
  "fletcher16-ubx",
] as const;
export type Checksum = (typeof checksums)[number];

/** Those that are as wide as the field that they stand in: they are cut to it by whoever reads them. */
const sums: ReadonlySet<Checksum> = new Set(["sum", "sum-inverted", "lrc"]);

/** The checksum of some bytes in a field of so many, as an unsigned number. */
export function checksumIn(kind: Checksum, bytes: Uint8Array, fieldBytes: number): number {
  const value = checksumOf(kind, bytes);
  return sums.has(kind) ? value % 256 ** fieldBytes : value;
}

/**
 * The checksum of some bytes, as an unsigned number. `lrc` is what makes the sum of all bytes and itself
 * 0, `sum-inverted` what makes it all ones; these and `sum` are of 32 bits.
 */
export function checksumOf(kind: Checksum, bytes: Uint8Array): number {
  let value = 0;
  if (kind === "xor") {
    for (const byte of bytes) value ^= byte;
    return value;
  }
  if (kind === "sum" || kind === "sum-inverted" || kind === "lrc") {
    for (const byte of bytes) value += byte;
    return (kind === "sum" ? value : kind === "lrc" ? -value : ~value) >>> 0;
  }
  if (kind === "fletcher16" || kind === "fletcher16-ubx")
    return fletcher(bytes, kind === "fletcher16" ? 255 : 256);
  const crc: Crc = crcs[kind];
  const table = tableOf(kind, crc);
  const shift = crc.width - 8;
  value = crc.start;
  if (crc.reflected)
    for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  else
    for (const byte of bytes)
      value = (value << 8) ^ (table[((value >>> shift) ^ byte) & 0xff] ?? 0);
  const cut = crc.width === 32 ? value ^ crc.end : (value ^ crc.end) & (2 ** crc.width - 1);
  return cut >>> 0;
}

/** The second sum is the higher byte, so UBX, which writes the first one in front, has the lower first. */
function fletcher(bytes: Uint8Array, modulus: 255 | 256): number {
  let first = 0;
  let second = 0;
  for (const byte of bytes) {
    first = (first + byte) % modulus;
    second = (second + first) % modulus;
  }
  return second * 256 + first;
}

const tables = new Map<Checksum, Int32Array>();

/** What each byte does, made when the kind is used for the first time. */
function tableOf(kind: Checksum, crc: Crc): Int32Array {
  const made = tables.get(kind);
  if (made !== undefined) return made;
  const step = crc.reflected ? lowFirst : highFirst;
  const table = Int32Array.from({ length: 256 }, (_, byte) => step(byte, crc));
  tables.set(kind, table);
  return table;
}

function lowFirst(byte: number, { polynomial }: Crc): number {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1)
    value = (value & 1) === 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
}

function highFirst(byte: number, { polynomial, width }: Crc): number {
  const highest = 2 ** (width - 1);
  let value = byte * 2 ** (width - 8);
  for (let bit = 0; bit < 8; bit += 1)
    value = (value & highest) === 0 ? value << 1 : (value << 1) ^ polynomial;
  return value;
}
