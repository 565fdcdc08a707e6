/** The bytes of a read-out of IEC 62056-21: who speaks, and its data sets, checked where a checksum is there. */

const stx = 0x02;
const etx = 0x03;
/** Ends the data; it looks the same with even parity. ETX does, too. */
const mark = 0x21;

export interface Readout {
  /** Behind the slash; empty where the read-out begins with its data. */
  readonly identification: string;
  /** Data sets up to the `!`. */
  readonly data: string;
}

/** The read-out in some bytes, or why there is none. What stands behind its end is not looked at. */
export function parseReadout(all: Uint8Array): Readout | string {
  const last = all.lastIndexOf(etx) === -1 ? all.lastIndexOf(mark) + 1 : all.length;
  const bytes = all.subarray(0, last);
  const plain = bytes.every((byte) => byte < 0x80) ? bytes : withoutParity(bytes);
  if (plain === undefined) return "the bytes are not those of a read-out, with or without parity";
  const start = plain.indexOf(stx);
  const text = Buffer.from(plain).toString("latin1");
  if (start === -1) return readoutIn(text, text.search(/[\r\n]/));
  const end = plain.indexOf(etx, start);
  if (end === -1) return "the data begin with STX and have no ETX";
  const written = plain[end + 1];
  if (written === undefined) return "behind the ETX the checksum is missing";
  let sum = 0;
  for (const byte of plain.subarray(start + 1, end + 1)) sum ^= byte;
  if (sum !== written) return `the checksum is ${sum} and not ${written}`;
  return readoutIn(text.slice(0, end), start);
}

function readoutIn(text: string, headEnd: number): Readout | string {
  const end = text.lastIndexOf("!");
  if (end === -1) return "a read-out ends with !";
  const slash = text.indexOf("/");
  const isNamed = slash !== -1 && slash < headEnd;
  if (!isNamed && headEnd !== 0 && !text.includes("\u0002"))
    return "a read-out begins with / or STX";
  const head = isNamed ? text.slice(slash + 1, headEnd).trim() : "";
  return { identification: head, data: text.slice(headEnd + 1, end) };
}

/** Seven bits with even parity that were received as eight. */
function withoutParity(bytes: Uint8Array): Uint8Array | undefined {
  const isEven = (byte: number): boolean => {
    let ones = byte;
    ones ^= ones >> 4;
    ones ^= ones >> 2;
    ones ^= ones >> 1;
    return (ones & 1) === 0;
  };
  return bytes.every(isEven) ? bytes.map((byte) => byte & 0x7f) : undefined;
}
