/**
 * Device passwords as `mosquitto_passwd` keeps them: `$7$<iterations>$<salt>$<hash>`, PBKDF2 with
 * SHA-512, salt and hash in base64.
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const deriveKey = promisify(pbkdf2);
const hashBytes = 64;
/** More would let one connection keep a thread busy for seconds. */
const maxIterations = 1_000_000;

export interface PasswordHash {
  /** 0: the salted SHA-512 of Mosquitto before 2.0 (`$6$`), which is quick to guess. */
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Takes the text apart; undefined when it is not of this form. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const old = /^\$6\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (old) return fitting(0, old[1], old[2]);
  const match = /^\$7\$([1-9]\d{0,6})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/.exec(text);
  return match ? fitting(Number(match[1]), match[2], match[3]) : undefined;
}

function fitting(iterations: number, salt = "", hash = ""): PasswordHash | undefined {
  const bytes = Buffer.from(hash, "base64");
  if (iterations > maxIterations || bytes.length !== hashBytes) return undefined;
  return { iterations, salt: Buffer.from(salt, "base64"), hash: bytes };
}

/** The text to keep for a password. The salt is at least 12 random bytes, new for each password. */
export async function hashPassword(
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<string> {
  const hash = await deriveKey(password, salt, iterations, hashBytes, "sha512");
  return `$7$${iterations}$${Buffer.from(salt).toString("base64")}$${hash.toString("base64")}`;
}

/** Takes the same time whether the password is right or wrong; works beside the event loop. */
export async function verifyPassword(
  password: Uint8Array,
  { iterations, salt, hash }: PasswordHash,
): Promise<boolean> {
  const given =
    iterations === 0
      ? createHash("sha512").update(password).update(salt).digest()
      : await deriveKey(password, salt, iterations, hashBytes, "sha512");
  return timingSafeEqual(given, hash);
}

/**
 * Passwords that were right, one for each owner, so that they need no slow check again. What is kept
 * is of use in this process only.
 */
export class KnownPasswords {
  readonly #secret = randomBytes(32);
  readonly #marks = new WeakMap<object, Buffer>();

  add(owner: object, password: Uint8Array): void {
    this.#marks.set(owner, this.#mark(password));
  }

  has(owner: object, password: Uint8Array): boolean {
    const mark = this.#marks.get(owner);
    return mark !== undefined && timingSafeEqual(mark, this.#mark(password));
  }

  #mark(password: Uint8Array): Buffer {
    return createHmac("sha256", this.#secret).update(password).digest();
  }
}
