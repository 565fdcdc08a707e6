/**
 * Who is signed in with a browser. Only hashes of session ids are kept, so who reads the memory of the
 * process, or the file that keeps them over a restart, cannot go on as somebody else.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Clock, EpochMs } from "../../core/clock.ts";
import type { ConsoleRole, Principal } from "../principal.ts";

const idBytes = 32;
/** The one that was used least recently gives way. */
const mostSessions = 1_000;
/** Of one name: who signs in again and again signs out nobody else. */
const mostOfName = 50;

export interface SessionLimits {
  /** Nobody asked for so long: signed out. */
  readonly idleMs: number;
  /** So long after signing in, whoever asks. */
  readonly mostMs: number;
}

/** A session as it outlives the process; times are those of the wall clock. */
export interface KeptSession {
  readonly key: string;
  readonly name: string;
  readonly role: ConsoleRole;
  readonly proof: string;
  readonly endMs: EpochMs;
  readonly usedMs: EpochMs;
}

interface Session {
  readonly principal: Principal;
  readonly proof: string;
  readonly endMs: number;
  usedMs: number;
}

export class SessionBook {
  readonly #clock: Pick<Clock, "monotonicMs" | "wallMs">;
  readonly #limits: SessionLimits;
  /** By the hash of the id, the one that was used least recently first. */
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Pick<Clock, "monotonicMs" | "wallMs">, limits: SessionLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Signs somebody in; gives the id, 43 characters fit for a cookie, that nobody can guess. `proof` is
   * what they signed in with, in no form that signs in: it tells after a restart whether it still holds.
   */
  open(name: string, role: ConsoleRole, proof: string): string {
    const id = randomBytes(idBytes).toString("base64url");
    const nowMs = this.#clock.monotonicMs();
    this.#sessions.set(hashOf(id), {
      principal: { name, role, by: "session" },
      proof,
      endMs: nowMs + this.#limits.mostMs,
      usedMs: nowMs,
    });
    const keys = [...this.#sessions.keys()];
    const own = keys.filter((key) => this.#sessions.get(key)?.principal.name === name);
    const [oldest] = own.length > mostOfName ? own : keys;
    const isFull = own.length > mostOfName || keys.length > mostSessions;
    if (isFull && oldest !== undefined) this.#sessions.delete(oldest);
    return id;
  }

  /** Whose session it is; undefined where there is none with that id any more. Looking is using. */
  find(id: string): Principal | undefined {
    const key = hashOf(id);
    const session = this.#sessions.get(key);
    if (session === undefined) return undefined;
    this.#sessions.delete(key);
    if (this.#isOver(session)) return undefined;
    session.usedMs = this.#clock.monotonicMs();
    this.#sessions.set(key, session);
    return session.principal;
  }

  /** Whether there is such a session; does not count as using it. */
  has(id: string): boolean {
    const session = this.#sessions.get(hashOf(id));
    return session !== undefined && !this.#isOver(session);
  }

  close(id: string): void {
    this.#sessions.delete(hashOf(id));
  }

  /** Signs out everywhere who is not to be there any more, or not as what they are. */
  closeWhere(isOut: (principal: Principal) => boolean): void {
    for (const [key, { principal }] of this.#sessions)
      if (isOut(principal)) this.#sessions.delete(key);
  }

  /** All there are now, for the next process. */
  kept(): readonly KeptSession[] {
    const wallMs = this.#clock.wallMs() - this.#clock.monotonicMs();
    return Array.from(this.#sessions, ([key, { endMs, principal, proof, usedMs }]) => ({
      ...{ key, name: principal.name, role: principal.role, proof },
      ...{ endMs: endMs + wallMs, usedMs: usedMs + wallMs },
    }));
  }

  /** Those of an earlier process, but who is out by now. No time is longer than a new session's. */
  recall(kept: Iterable<KeptSession>): void {
    const nowMs = this.#clock.monotonicMs();
    const wallMs = this.#clock.wallMs() - nowMs;
    for (const { endMs, key, name, proof, role, usedMs } of kept) {
      const session: Session = {
        principal: { name, role, by: "session" },
        proof,
        endMs: Math.min(endMs - wallMs, nowMs + this.#limits.mostMs),
        usedMs: Math.min(usedMs - wallMs, nowMs),
      };
      if (!this.#isOver(session) && this.#sessions.size < mostSessions)
        this.#sessions.set(key, session);
    }
  }

  #isOver({ endMs, usedMs }: Session): boolean {
    const nowMs = this.#clock.monotonicMs();
    return nowMs >= endMs || nowMs - usedMs >= this.#limits.idleMs;
  }
}

function hashOf(id: string): string {
  return createHash("sha256").update(id).digest("base64");
}
