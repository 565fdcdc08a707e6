/**
 * What to do when the stream's last event is of this gateway's name and of a run that its log never
 * wrote: another gateway may be alive, or one that is gone may have left the stream behind.
 */
import type { Clock } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import type { Origin } from "../core/event.ts";
import { type StreamSeq, toSeq } from "../core/ids.ts";
import type { LogAccounts } from "../core/log-accounts.ts";
import type { Logger } from "../core/logger.ts";
import type { DeclareGap } from "./declare-gap.ts";
import type { Found } from "./walk-back.ts";

/** A writer that was silent for this long is taken for gone. */
export const foreignQuietMs = 60_000;

export interface UnknownWriterDependencies {
  readonly log: LogAccounts;
  readonly origin: Origin;
  readonly declareGap: DeclareGap;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Allows, once, to continue a stream whose last writer is unknown here. */
  readonly takeOver: boolean;
}

export class UnknownWriter {
  readonly #deps: UnknownWriterDependencies;
  /** The message that is looked at, and when it was seen first, monotonic. */
  #sighting: { readonly streamSeq: StreamSeq; readonly firstMs: number } | undefined;
  #mayTakeOver: boolean;
  /** The stream sequence of the message that was taken over. */
  #takenOver: StreamSeq | undefined;

  constructor(deps: UnknownWriterDependencies) {
    this.#deps = deps;
    this.#mayTakeOver = deps.takeOver;
  }

  /** The last event is of a run of ours again. */
  forget(): void {
    this.#sighting = undefined;
  }

  /**
   * Why its stream must not be used, for people; undefined when it may be. Then the take-over is
   * declared, and durable.
   */
  async judge(found: Found, signal: AbortSignal): Promise<string | undefined> {
    const { declareGap, log, logger, origin } = this.#deps;
    const { run, seq, streamSeq } = found;
    if (this.#takenOver === streamSeq) return undefined;
    const ageMs = this.#ageMs(found);
    const who = `run ${run}, which this log never wrote`;
    if (ageMs < foreignQuietMs) {
      return `another gateway named ${origin.gateway} is alive: the stream's last event is of ${who}`;
    }
    if (log.confirmed && !this.#mayTakeOver) {
      return (
        `the stream's last event is of ${who}, ${formatDuration(ageMs)} ago; if that gateway is ` +
        "gone for good, start with --take-over"
      );
    }
    logger.warn("taking over a stream from a writer that is gone", { run, seq });
    const next = toSeq(seq + 1);
    await declareGap(
      [{ run, from: next, to: next, count: 0, class: "mixed", reason: "identity-changed" }],
      signal,
    );
    if (log.confirmed) this.#mayTakeOver = false;
    this.#takenOver = streamSeq;
    return undefined;
  }

  /** Seen here for long enough counts as old too: the clock of the box may be wrong. */
  #ageMs({ storedMs, streamSeq }: Found): number {
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (this.#sighting?.streamSeq !== streamSeq) this.#sighting = { streamSeq, firstMs: nowMs };
    return Math.max(clock.wallMs() - storedMs, nowMs - this.#sighting.firstMs);
  }
}
