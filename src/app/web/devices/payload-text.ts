/** Bytes of strangers, for people. */
import { isUtf8 } from "node:buffer";

const mostCharacters = 4_096;

export interface PayloadText {
  /** As text where it is one. */
  readonly text: string | undefined;
  readonly hex: string;
  /** The text, else the bytes as `0x…`. */
  readonly shown: string;
}

export function payloadText(payload: Uint8Array): PayloadText {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const hex = bytes.subarray(0, mostCharacters / 2).toString("hex");
  const isText = isUtf8(bytes) && !/[^\P{Cc}\t\n\r]/u.test(bytes.toString());
  const text = isText ? bytes.toString().slice(0, mostCharacters) : undefined;
  return { text, hex, shown: text ?? `0x${hex}` };
}
