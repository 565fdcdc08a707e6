/** How a segment is closed against reading, as whoever reads it knows. */
import type { SegmentCipher } from "./segment-cipher.ts";

/** Of a segment that is closed; one that is not has none. */
export interface Seal {
  /** Says which key it takes. */
  readonly keyId: number;
  /** Undefined where nobody has that key: what is in the records cannot be read, nor vouched for. */
  readonly cipher: SegmentCipher | undefined;
}

/** True where records cannot be read for want of the key. */
export function isLocked(seal: Seal | undefined): boolean {
  return seal !== undefined && seal.cipher === undefined;
}

/** A part of the footer as it is written; what is empty stays so. */
export function closeSection(seal: Seal | undefined, plain: Uint8Array): Uint8Array {
  return seal?.cipher && plain.length > 0 ? seal.cipher.closeSection(plain) : plain;
}

/** What was given to `closeSection`; undefined where that cannot be told. */
export function openSection(seal: Seal | undefined, bytes: Buffer): Buffer | undefined {
  if (seal === undefined || bytes.length === 0) return bytes;
  return seal.cipher?.openSection(bytes);
}
