/**
 * Links that sign somebody in once: for whoever sees the terminal that the process was started from,
 * or may ask at its status socket. Only hashes are kept.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.ts";

// 192 bits; with more of them the link would not fit into a line of a terminal.
const tokenBytes = 24;
const validMs = 10 * 60_000;
/** Of those that were not used yet; the oldest gives way. */
const mostLinks = 100;

interface Link {
  /** Who it signs in. */
  readonly name: string;
  readonly endMs: number;
}

export class OneTimeLinks {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #links = new Map<string, Link>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Gives the token of a new link. */
  make(name: string): string {
    const token = randomBytes(tokenBytes).toString("base64url");
    this.#links.set(hashOf(token), { name, endMs: this.#clock.monotonicMs() + validMs });
    const [oldest] = this.#links.keys();
    if (this.#links.size > mostLinks && oldest !== undefined) this.#links.delete(oldest);
    return token;
  }

  /** Whom the token signs in, this once; undefined where it was used, is too old, or never was. */
  use(token: string): string | undefined {
    const key = hashOf(token);
    const link = this.#links.get(key);
    this.#links.delete(key);
    return link && this.#clock.monotonicMs() < link.endMs ? link.name : undefined;
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
