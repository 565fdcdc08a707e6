/**
 * Whether this process still does its work, looked at from where others look: by a question on its
 * status socket. A backbone that is away, a disk that says no and a device that is silent are no signs
 * of death: a new start would mend none of them.
 */
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { LogState } from "../core/log-accounts.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { readStatus } from "../telemetry/status-client.ts";

/** What the status socket said; nothing where it is asked by too many others at the moment. */
export type Sign =
  | { readonly isAlive: true; readonly status: unknown }
  | { readonly isAlive: false; readonly why: string };

/** Codes of a socket that took the question and has its hands full. */
const turnedAway = new Set(["ECONNRESET", "EPIPE"]);

/** Commits that neither succeed nor fail. */
export class CommitWatch {
  #standing: { readonly seq: number; readonly sinceMs: number } | undefined;

  /** For how long the oldest commit has been under way; 0 when nothing waits, or the disk said no. */
  stuckMs({ durableSeq, lastSeq, writable }: CommitFacts, nowMs: number): number {
    if (durableSeq >= lastSeq || !writable) this.#standing = undefined;
    else if (this.#standing?.seq !== durableSeq)
      this.#standing = { seq: durableSeq, sinceMs: nowMs };
    return this.#standing === undefined ? 0 : nowMs - this.#standing.sinceMs;
  }
}

type CommitFacts = Pick<LogState, "durableSeq" | "lastSeq" | "writable">;

/** Gives the function that looks; a commit may take up to `patienceMs`, as on a card that cleans up. */
export function signsOfLife(socket: string, patienceMs: number, clock: Clock): () => Promise<Sign> {
  const commits = new CommitWatch();
  return async () => {
    try {
      const status = await readStatus(socket);
      const buffer = gatewayStatusOf(status)?.buffer;
      const stuckMs = buffer ? commits.stuckMs(buffer, clock.monotonicMs()) : 0;
      if (stuckMs < patienceMs) return { isAlive: true, status };
      const seconds = Math.round(stuckMs / 1_000);
      return { isAlive: false, why: `the disk has not ended a commit for ${seconds} s` };
    } catch (thrown) {
      const cause = thrown instanceof GatewayError ? thrown.cause : thrown;
      if (turnedAway.has(systemCode(cause) ?? "")) return { isAlive: true, status: undefined };
      return { isAlive: false, why: `the status socket does not answer: ${systemReason(cause)}` };
    }
  };
}
