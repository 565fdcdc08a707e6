/** Bytes of a file to text: UTF-8, and nothing else. */
import type { SourcePlace } from "./located-fault.ts";

export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly message: string;
      readonly hint: string;
      /** Of the first byte that is wrong. */
      readonly place: SourcePlace;
      /** The text with a replacement character for everything wrong in it. */
      readonly text: string;
    };

/** Reads the whole file; a byte order mark in front is passed over. */
export function decodeText(bytes: Uint8Array): DecodedText {
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const text = new TextDecoder().decode(bytes);
    const first = bytes[0] ?? 0;
    const isWide = (first === 0xff || first === 0xfe) && bytes[1] === (first ^ 1);
    return { ok: false, ...(isWide ? wide : wrongByte(bytes)), text };
  }
}

const wide = {
  message: "is UTF-16",
  hint: "save the file as UTF-8",
  place: { line: 1, column: 1, width: 1, text: "" },
};

function wrongByte(bytes: Uint8Array) {
  const at = firstWrong(bytes);
  const lineStart = bytes.lastIndexOf(0x0a, at - 1) + 1;
  const newline = bytes.indexOf(0x0a, at);
  const lineEnd = newline < 0 ? bytes.length : newline;
  const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
  const line = bytes.subarray(0, lineStart).reduce((sum, byte) => sum + Number(byte === 0x0a), 1);
  const hex = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return {
    message: `byte 0x${hex} is not UTF-8`,
    hint: "save the file as UTF-8",
    place: {
      line,
      column: lossy.decode(bytes.subarray(lineStart, at)).length + 1,
      width: 1,
      text: lossy.decode(bytes.subarray(lineStart, lineEnd)).replace(/\r$/, ""),
    },
  };
}

/** The place behind the longest beginning that may still be UTF-8, found by halving. */
function firstWrong(bytes: Uint8Array): number {
  let right = 0;
  let wrong = bytes.length + 1;
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (mayBegin(bytes.subarray(0, middle))) right = middle;
    else wrong = middle;
  }
  // A sequence that breaks off is wrong from its first byte on.
  while (right > 0 && !isWhole(bytes.subarray(0, right))) right -= 1;
  return right;
}

function isWhole(bytes: Uint8Array): boolean {
  return mayBegin(bytes, false);
}

/** True for bytes that are UTF-8, and for a beginning of such, unless it must be the whole. */
function mayBegin(bytes: Uint8Array, stream = true): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}
