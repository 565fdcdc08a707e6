/** Finds out who asks, by the cookie of a session or by a token. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Principal } from "../principal.ts";
import type { SessionBook } from "./session-book.ts";

/** A program that may ask; the hash is SHA-256 of its token. */
export interface ApiToken {
  readonly name: string;
  readonly role: Principal["role"];
  readonly hash: Uint8Array;
  /** Undefined: until it is removed. */
  readonly endMs: number | undefined;
}

/** What proves who asks: one of the two, or nothing. */
export interface Proof {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly sessionId: string | undefined;
}

/** Those who are known, and the time by which tokens end. */
export interface KnownAskers {
  readonly sessions: SessionBook;
  readonly tokens: () => Iterable<ApiToken>;
  readonly wallMs: () => number;
}

/** Who asks; undefined where nobody proves anything. A token that is wrong is nobody. */
export function whoAsks(proof: Proof, known: KnownAskers): Principal | undefined {
  const token = tokenIn(proof);
  if (token !== undefined) return byToken(token, known);
  return proof.sessionId === undefined ? undefined : known.sessions.find(proof.sessionId);
}

/** Whether who asked then is still somebody; looking at it this way does not count as asking. */
export function stillKnown(proof: Proof, known: KnownAskers): boolean {
  const token = tokenIn(proof);
  if (token !== undefined) return byToken(token, known) !== undefined;
  return proof.sessionId !== undefined && known.sessions.has(proof.sessionId);
}

/** Any other scheme is a proxy's affair. */
function tokenIn({ authorization }: Proof): string | undefined {
  return /^Bearer +(\S{1,200})$/i.exec(authorization ?? "")?.[1];
}

/** Looks at all of them, so that the time it takes tells nothing. */
function byToken(token: string, { tokens, wallMs }: KnownAskers): Principal | undefined {
  const hash = createHash("sha256").update(token).digest();
  let found: Principal | undefined;
  for (const { endMs, hash: kept, name, role } of tokens())
    if (kept.length === hash.length && timingSafeEqual(kept, hash))
      found = endMs === undefined || wallMs() < endMs ? { name, role, by: "token" } : undefined;
  return found;
}
