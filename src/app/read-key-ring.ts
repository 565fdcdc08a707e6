import { KeyRing, noKeys } from "../buffer/encryption/key-ring.ts";
import { parseKey } from "../buffer/encryption/parse-key.ts";
import type { BufferOptions } from "../buffer/options.ts";
import { readSecret, type SecretPlaces, type SecretReference } from "../config/secrets.ts";
import { GatewayError } from "../core/errors.ts";

/**
 * The keys that the data folder is encrypted with, as the configuration names them. Throws
 * `config.secret-missing`, which never shows what it found, for one that is not there or is no key.
 */
export async function readKeyRing(
  { encryption }: Pick<BufferOptions, "encryption">,
  places: SecretPlaces,
): Promise<KeyRing> {
  if (encryption === undefined) return noKeys;
  const { former_keys: formerKeys, key } = encryption;
  const current = key && (await readKey("buffer.encryption.key", key, places));
  const former: Buffer[] = [];
  for (const [index, reference] of formerKeys.entries())
    former.push(await readKey(`buffer.encryption.former_keys[${index}]`, reference, places));
  return new KeyRing(current, former);
}

/** What is behind one reference, for whoever has no configuration. */
export async function readKey(
  name: string,
  reference: SecretReference,
  places: SecretPlaces,
): Promise<Buffer> {
  const key = parseKey((await readSecret(reference, places)).reveal());
  if (key !== undefined) return key;
  throw new GatewayError(
    "config.secret-missing",
    `${name} names something that is no key: write 32 random bytes there as 64 hex digits or in ` +
      "base64, such as `openssl rand -hex 32` prints",
  );
}
