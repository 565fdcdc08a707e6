/** Finds out who asks, by the cookie of a session or by a token. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Principal } from "../principal.ts";
import type { FoundSession, SessionBook } from "./session-book.ts";

/** Programs that may ask, by name; the hash is SHA-256 of the token. */
export interface ApiToken {
  readonly name: string;
  readonly role: Principal["role"];
  readonly hash: Uint8Array;
}

/** Somebody who may ask, and until when; a token ends when it is removed. */
export interface Asker {
  readonly principal: Principal;
  readonly session?: FoundSession;
}

const cookieName = "sluicegate";

/** `Set-Cookie` for a new session. Over plain HTTP the browser would drop what only TLS may carry. */
export function sessionCookie(id: string, isSecure: boolean): string {
  return `${nameOf(isSecure)}=${id}; Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}

/** `Set-Cookie` that takes it away. */
export function endedCookie(isSecure: boolean): string {
  return `${sessionCookie("", isSecure)}; Max-Age=0`;
}

/** The session id in a `Cookie` header; undefined where there is none. */
export function sessionIdIn(header: string | undefined, isSecure: boolean): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const cut = part.indexOf("=");
    if (part.slice(0, cut).trim() === nameOf(isSecure)) return part.slice(cut + 1).trim();
  }
  return undefined;
}

/** Who asks by these headers; undefined where nobody proves anything. A wrong token is nobody. */
export function askerOf(
  headers: { readonly authorization: string | undefined; readonly cookie: string | undefined },
  isSecure: boolean,
  known: { readonly sessions: SessionBook; readonly tokens: () => Iterable<ApiToken> },
): Asker | undefined {
  const token = /^Bearer ([\w-]{20,200})$/.exec(headers.authorization ?? "")?.[1];
  if (token !== undefined) return askerByToken(token, known.tokens());
  const id = sessionIdIn(headers.cookie, isSecure);
  const session = id === undefined ? undefined : known.sessions.find(id);
  return session && { principal: session.principal, session };
}

/** Looks at all of them, so that the time it takes tells nothing. */
function askerByToken(token: string, tokens: Iterable<ApiToken>): Asker | undefined {
  const hash = createHash("sha256").update(token).digest();
  let found: Asker | undefined;
  for (const { hash: kept, name, role } of tokens)
    if (kept.length === hash.length && timingSafeEqual(kept, hash))
      found = { principal: { name, role, by: "token" } };
  return found;
}

/** The prefix makes browsers refuse it from other hosts of the domain, and without TLS. */
function nameOf(isSecure: boolean): string {
  return isSecure ? `__Host-${cookieName}` : cookieName;
}
