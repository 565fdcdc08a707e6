/** The fields of VE.Direct blocks, and whether their checksums fit. */

const tab = 0x09;
const colon = 0x3a;
const checksumLabel = "Checksum";
const mostFields = 256;

export type TextField = readonly [label: string, value: string];

/**
 * The fields of all blocks in some bytes, or why there are none. The bytes of a block and its checksum
 * are 0 together, with the line end in front of its first field: where that was cut off, it counts all the
 * same. Messages in hex may stand anywhere in between, and count for nothing.
 */
export function textFields(bytes: Uint8Array): readonly TextField[] | string {
  const fields: TextField[] = [];
  let sum: number | undefined;
  let line: number[] = [];
  let isOpen = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === colon && isHexAt(bytes, at + 1)) {
      at = endOfHex(bytes, at + 1);
      continue;
    }
    sum = (sum ?? cutLineEnd(byte)) + byte;
    if (byte === tab && isChecksum(line)) {
      const checksum = bytes[at + 1];
      if (checksum === undefined) return "the block ends before its checksum";
      if ((sum + checksum) % 256 !== 0) return "the checksum of a block does not fit";
      at += 1;
      sum = 0;
      line = [];
      isOpen = false;
    } else if (byte === 0x0a || byte === 0x0d) {
      if (line.length > 0) fields.push(fieldOf(line));
      if (fields.length > mostFields) return `a block has at most ${mostFields} fields`;
      line = [];
    } else {
      line.push(byte);
      isOpen = true;
    }
  }
  if (isOpen) return "the block has no checksum";
  return fields.length === 0 ? "no field is in the block" : fields;
}

/** What of the first line end is missing in front of a byte. */
function cutLineEnd(byte: number): number {
  if (byte === 0x0d) return 0;
  return byte === 0x0a ? 0x0d : 0x0d + 0x0a;
}

function isChecksum(line: readonly number[]): boolean {
  return line.length === checksumLabel.length && String.fromCharCode(...line) === checksumLabel;
}

function fieldOf(line: readonly number[]): TextField {
  const text = Buffer.from(line).toString("latin1");
  const at = text.indexOf("\t");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1).trim()];
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && /^[0-9A-Fa-f]$/.test(String.fromCharCode(byte));
}

/** A message in hex begins with one digit for what it is, and goes on in pairs. */
function isHexAt(bytes: Uint8Array, at: number): boolean {
  return isHexDigit(bytes[at]) && isHexDigit(bytes[at + 1]) && isHexDigit(bytes[at + 2]);
}

/** The byte that ends it: a line end, or what a known fault of the firmware puts in its place. */
function endOfHex(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isHexDigit(bytes[at])) at += 1;
  return at;
}
