import { isUtf8 } from "node:buffer";

/** The text that bytes are in UTF-8; null where they are none. */
export function utf8Text(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return !text.includes("\ufffd") || isUtf8(bytes) ? text : null;
}
