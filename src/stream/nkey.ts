import { nkeys } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";

/** A key pair of a user: its seed is the secret, its public half is what servers know it by. */
export interface UserKey {
  readonly seed: string;
  readonly publicKey: string;
}

/** Draws a new one. */
export function makeUserKey(): UserKey {
  const pair = nkeys.createUser();
  return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
}

/** The public half of a seed, as it stands in `file`; throws `config.invalid` for what is none. */
export function publicKeyOf(seed: string, file: string): string {
  try {
    const publicKey = nkeys.fromSeed(new TextEncoder().encode(seed.trim())).getPublicKey();
    if (isUserKey(publicKey)) return publicKey;
  } catch {
    // What is no seed is told below, without a word of it.
  }
  throw new GatewayError(
    "config.invalid",
    `${file} has no seed of a user; take it away, and another is made`,
  );
}

/** `UAB…`, whole and with its checksum right. */
export function isUserKey(text: string): boolean {
  try {
    nkeys.fromPublic(text);
    return text.startsWith("U");
  } catch {
    return false;
  }
}
