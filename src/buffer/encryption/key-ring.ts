/** The keys that a site has: one that new segments are closed with, and former ones. */
import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import type { Seal } from "./seal.ts";
import { SegmentCipher } from "./segment-cipher.ts";

/** Bytes of a key. */
export const siteKeyBytes = 32;

const idBytes = 4;

export class KeyRing {
  readonly #keys = new Map<number, KeyObject>();
  /** Of the key for what is written from now on; 0 where it is written as it is. */
  readonly currentId: number;

  /** Keys of 32 bytes each. */
  constructor(current: Uint8Array | undefined, former: readonly Uint8Array[] = []) {
    for (const key of former) this.#keys.set(keyIdOf(key), createSecretKey(key));
    this.currentId = current === undefined ? 0 : keyIdOf(current);
    if (current !== undefined) this.#keys.set(this.currentId, createSecretKey(current));
  }

  has(keyId: number): boolean {
    return this.#keys.has(keyId);
  }

  /** How a segment with this UUID is closed; undefined for one that is not (`keyId` 0). */
  sealOf(keyId: number, uuid: Uint8Array): Seal | undefined {
    if (keyId === 0) return undefined;
    const key = this.#keys.get(keyId);
    return { keyId, cipher: key && new SegmentCipher(key, uuid) };
  }

  /** Everything a segment may be closed with whose header does not say it any more. */
  sealsOf(uuid: Uint8Array): readonly Seal[] {
    return [...this.#keys].map(([keyId, key]) => ({
      keyId,
      cipher: new SegmentCipher(key, uuid),
    }));
  }

  /** The key itself, for files beside the segments. */
  keyOf(keyId: number): KeyObject | undefined {
    return this.#keys.get(keyId);
  }
}

/** Of a site that encrypts nothing. */
export const noKeys = new KeyRing(undefined);

/** Tells keys apart and says nothing of what is in them; never 0. */
export function keyIdOf(key: Uint8Array): number {
  const id = hkdfSync("sha256", key, new Uint8Array(0), "sluicegate key id", idBytes);
  return Buffer.from(id).readUInt32LE(0) || 1;
}

/** As people see it: eight hex digits. */
export function formatKeyId(keyId: number): string {
  return keyId.toString(16).padStart(8, "0");
}
