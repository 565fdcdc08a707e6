/**
 * Closes and opens the records of one segment: AES-256-GCM, a key for each segment.
 *
 * The key comes from the site's key and the segment's UUID, 16 random bytes that are never used for
 * another file: whoever begins a segment, after a failed write, after a crash or on a copy of the
 * folder, begins with a key that nobody had before. Within a segment the nonce is the record's seq.
 * A seq is written once, or again with the very same bytes, which gives the very same bytes on disk.
 *
 * The header of the record's frame is not hidden, and is part of what the tag vouches for.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import {
  frameBytesAt,
  frameHeaderBytes,
  isSealedAt,
  payloadBytesAt,
  tagBytes,
} from "../format/frame.ts";

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
/** Bytes of a frame's header that the tag vouches for: all but the checksums. */
const vouchedBytes = 24;
const seqAt = 8;
const seqBytes = 8;

export class SegmentCipher {
  readonly #records: KeyObject;
  readonly #sections: KeyObject;
  readonly #nonce = Buffer.alloc(nonceBytes);

  constructor(siteKey: KeyObject, uuid: Uint8Array) {
    this.#records = derive(siteKey, uuid, "sluicegate segment records");
    this.#sections = derive(siteKey, uuid, "sluicegate segment sections");
  }

  /** Closes the frames in `buffer[from..to)` where they stand; each has room for its tag. */
  close(buffer: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += frameBytesAt(buffer, at)) {
      const payloadAt = at + frameHeaderBytes;
      const payloadEnd = payloadAt + payloadBytesAt(buffer, at);
      const cipher = createCipheriv(algorithm, this.#records, this.#nonceAt(buffer, at));
      cipher.setAAD(buffer.subarray(at, at + vouchedBytes));
      buffer.set(cipher.update(buffer.subarray(payloadAt, payloadEnd)), payloadAt);
      cipher.final();
      buffer.set(cipher.getAuthTag(), payloadEnd);
    }
  }

  /** Opens the frame at `at` where it stands; false, and nothing is changed, when nobody closed it. */
  open(buffer: Buffer, at: number): boolean {
    if (!isSealedAt(buffer, at)) return false;
    const payloadAt = at + frameHeaderBytes;
    const payloadEnd = payloadAt + payloadBytesAt(buffer, at);
    const cipher = createDecipheriv(algorithm, this.#records, this.#nonceAt(buffer, at));
    cipher.setAAD(buffer.subarray(at, at + vouchedBytes));
    cipher.setAuthTag(buffer.subarray(payloadEnd, payloadEnd + tagBytes));
    const plain = cipher.update(buffer.subarray(payloadAt, payloadEnd));
    if (!isGenuine(cipher)) return false;
    buffer.set(plain, payloadAt);
    return true;
  }

  /** Closes a part of the footer, which may be written again with something else in it. */
  closeSection(plain: Uint8Array): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#sections, nonce);
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** Undefined when nobody closed it with this key. */
  openSection(bytes: Buffer): Buffer | undefined {
    const end = bytes.length - tagBytes;
    if (end < nonceBytes) return undefined;
    const cipher = createDecipheriv(algorithm, this.#sections, bytes.subarray(0, nonceBytes));
    cipher.setAuthTag(bytes.subarray(end));
    const plain = cipher.update(bytes.subarray(nonceBytes, end));
    return isGenuine(cipher) ? plain : undefined;
  }

  #nonceAt(buffer: Buffer, at: number): Buffer {
    buffer.copy(this.#nonce, 0, at + seqAt, at + seqAt + seqBytes);
    return this.#nonce;
  }
}

function derive(siteKey: KeyObject, uuid: Uint8Array, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", siteKey, uuid, use, keyBytes)));
}

/** Node says that a tag does not fit by throwing. */
function isGenuine(cipher: { final(): Buffer }): boolean {
  try {
    cipher.final();
    return true;
  } catch {
    return false;
  }
}
