/**
 * A small file whose content is encrypted, written from its beginning to its end.
 *
 * ```
 *  0 magic 8    12 u32 key id           pieces, one for each write:
 *  8 u16 1      16 salt 16               u32 bytes | nonce 12 | what was written | tag 16
 * ```
 *
 * The key comes from the site's, the salt and the name of the file; the nonces are random. The tag of a
 * piece vouches for where it stands, so pieces cannot change places. The first that does not fit ends
 * the file, as a write that was cut short would.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import type { DiskFile } from "../../core/disk.ts";
import { writeAll } from "../../core/write-all.ts";
import { tagBytes } from "../format/frame.ts";

const magic = "SLGBOX\r\n";
const version = 1;
const saltBytes = 16;
const nonceBytes = 12;
const lengthBytes = 4;
const algorithm = "aes-256-gcm";

/** Bytes in front of the first piece. */
export const sealedHeaderBytes = 32;

/** The key that a file takes which begins so; undefined for one that is not encrypted. */
export function keyIdOfFile(header: Buffer): number | undefined {
  if (header.length < sealedHeaderBytes || header.toString("latin1", 0, 8) !== magic)
    return undefined;
  return header.readUInt32LE(12);
}

/** A new file, nothing of which is written yet; `name` is what it will be called. */
export function newSealedFile(
  file: DiskFile,
  siteKey: KeyObject,
  keyId: number,
  name: string,
): DiskFile {
  const header = Buffer.alloc(sealedHeaderBytes);
  header.write(magic, 0, "latin1");
  header.writeUInt16LE(version, 8);
  header.writeUInt32LE(keyId, 12);
  header.set(randomBytes(saltBytes), 16);
  return new SealedFile(file, header, siteKey, name, { plain: Buffer.alloc(0), end: 0 });
}

/** One that begins with `header`. */
export async function openSealedFile(
  file: DiskFile,
  header: Buffer,
  siteKey: KeyObject,
  name: string,
): Promise<DiskFile> {
  const stored = Buffer.alloc(await file.sizeBytes());
  const bytes = stored.subarray(0, await file.read(stored, 0));
  const key = derive(siteKey, header, name);
  const pieces: Buffer[] = [];
  let at = sealedHeaderBytes;
  let size = 0;
  for (
    let piece = readPiece(bytes, at, key, size);
    piece;
    piece = readPiece(bytes, at, key, size)
  ) {
    pieces.push(piece);
    at += lengthBytes + nonceBytes + piece.length + tagBytes;
    size += piece.length;
  }
  return new SealedFile(file, header, siteKey, name, { plain: Buffer.concat(pieces), end: at });
}

class SealedFile implements DiskFile {
  readonly #file: DiskFile;
  readonly #header: Buffer;
  readonly #key: KeyObject;
  /** What was there when it was opened; what is written here is never read here. */
  readonly #plain: Buffer;
  #sizeBytes: number;
  /** Where the next piece comes; 0 while not even the header is written. */
  #end: number;

  constructor(
    file: DiskFile,
    header: Buffer,
    siteKey: KeyObject,
    name: string,
    { end, plain }: { readonly plain: Buffer; readonly end: number },
  ) {
    this.#file = file;
    this.#header = header;
    this.#key = derive(siteKey, header, name);
    this.#plain = plain;
    this.#sizeBytes = plain.length;
    this.#end = end;
  }

  async write(buffers: readonly Uint8Array[], position: number): Promise<number> {
    if (position !== this.#sizeBytes) throw refused("is written from its beginning to its end");
    const plain = Buffer.concat(buffers);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(plain.length);
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key, nonce);
    cipher.setAAD(placeOf(position));
    const piece = [length, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
    const front = this.#end === 0 ? [this.#header] : [];
    await writeAll(this.#file, [...front, ...piece], this.#end);
    for (const part of [...front, ...piece]) this.#end += part.length;
    this.#sizeBytes += plain.length;
    return plain.length;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const part = this.#plain.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  async truncate(): Promise<void> {
    throw refused("is replaced as a whole");
  }

  isNamed(): Promise<boolean> {
    return this.#file.isNamed();
  }

  async sizeBytes(): Promise<number> {
    return this.#sizeBytes;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function readPiece(
  bytes: Buffer,
  at: number,
  key: KeyObject,
  position: number,
): Buffer | undefined {
  if (at + lengthBytes + nonceBytes + tagBytes > bytes.length) return undefined;
  const nonceAt = at + lengthBytes;
  const from = nonceAt + nonceBytes;
  const to = from + bytes.readUInt32LE(at);
  if (to + tagBytes > bytes.length) return undefined;
  const cipher = createDecipheriv(algorithm, key, bytes.subarray(nonceAt, from));
  cipher.setAAD(placeOf(position));
  cipher.setAuthTag(bytes.subarray(to, to + tagBytes));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(from, to)), cipher.final()]);
  } catch {
    return undefined;
  }
}

function derive(siteKey: KeyObject, header: Buffer, name: string): KeyObject {
  const salt = header.subarray(16, 16 + saltBytes);
  const key = hkdfSync("sha256", siteKey, salt, `sluicegate file ${name}`, 32);
  return createSecretKey(Buffer.from(key));
}

function placeOf(position: number): Buffer {
  const place = Buffer.alloc(8);
  place.writeDoubleLE(position);
  return place;
}

function refused(how: string): Error {
  return Object.assign(new Error(`an encrypted file ${how}`), { code: "EINVAL" });
}
