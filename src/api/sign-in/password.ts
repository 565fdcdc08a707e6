/**
 * Passwords of people who use the console, as they are kept: `scrypt$<N>$<r>$<p>$<salt>$<hash>`, salt
 * and hash in base64. One check takes about a tenth of a second on purpose, beside the event loop.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const usualCost: Cost = { N: 2 ** 15, r: 8, p: 1 };
const hashBytes = 32;
const saltBytes = 16;
/** What a written hash may make this process do. */
const maxMemoryBytes = 128 * 1024 * 1024;
const maxPasses = 16;

export interface PasswordHash extends Cost {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Takes the text apart; undefined where it is not of this form or would cost too much. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [kind, n = "", r = "", p = "", salt = "", hash = "", ...more] = text.split("$");
  const numbers = [n, r, p].every((one) => /^[1-9]\d{0,7}$/.test(one));
  if (kind !== "scrypt" || more.length > 0 || !numbers) return undefined;
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const parsed = {
    ...cost,
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
  const isPowerOfTwo = Number.isInteger(Math.log2(cost.N)) && cost.N > 1;
  const isCheap = 128 * cost.N * cost.r <= maxMemoryBytes && cost.p <= maxPasses;
  const isWhole = parsed.salt.length >= saltBytes && parsed.hash.length === hashBytes;
  return isPowerOfTwo && isCheap && isWhole ? parsed : undefined;
}

/** The text to keep for a password, with a new salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, usualCost);
  const { N, p, r } = usualCost;
  return `scrypt$${N}$${r}$${p}$${salt.toString("base64")}$${hash.toString("base64")}`;
}

/** Takes as long for a wrong password as for the right one. */
export async function verifyPassword(password: string, kept: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, kept.salt, kept), kept.hash);
}

function derive(password: string, salt: Uint8Array, { N, p, r }: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 2 * maxMemoryBytes };
    scrypt(password.normalize("NFKC"), salt, hashBytes, options, (failed, hash) => {
      if (failed) reject(failed);
      else resolve(hash);
    });
  });
}
