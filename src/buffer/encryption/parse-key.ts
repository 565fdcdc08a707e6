import { siteKeyBytes } from "./key-ring.ts";

const hex = /^[0-9a-f]{64}$/i;
const base64 = /^[A-Za-z0-9+/]{43}=$/;

/**
 * A key as people write it: 32 bytes as 64 hex digits or in base64. Undefined for anything else, a
 * passphrase above all: what can be guessed is no key.
 */
export function parseKey(text: string): Buffer | undefined {
  const written = text.trim();
  const key = hex.test(written)
    ? Buffer.from(written, "hex")
    : base64.test(written)
      ? Buffer.from(written, "base64")
      : undefined;
  return key?.length === siteKeyBytes && key.some((byte) => byte !== key[0]) ? key : undefined;
}
