import type { AlertTransition } from "../core/alert.ts";
import { GatewayError } from "../core/errors.ts";
import type { StoredTransition } from "../stream/alert-log.ts";
import { readPartitionHeads } from "../stream/former-alerts.ts";
import { Clearances } from "./clearances.ts";
import { completeTransition } from "./complete-transition.ts";
import type { Engine, TransitionDraft } from "./engine.ts";
import { followClearances } from "./follow-clearances.ts";
import type { HeadComparison } from "./head-comparison.ts";
import { hasPassed, lastReads, type ReadSoFar } from "./passed-records.ts";
import { TransitionAppender, type TransitionAppenderDependencies } from "./transition-appender.ts";

export interface AlertLedgerDependencies
  extends Omit<TransitionAppenderDependencies, "onWentBack"> {
  readonly partition: number;
  readonly engine: Engine;
  readonly comparison: HeadComparison;
  /** How far the streams of gateways were read by the engine. */
  readonly read: ReadSoFar;
  /** A transition that is found this long after it happened is late. */
  readonly lateAfterMs: number;
}

/** What the alerts stream has of one partition, kept in step with the rules. One call at a time. */
export class AlertLedger {
  readonly #deps: AlertLedgerDependencies;
  readonly #appender: TransitionAppender;
  readonly #clearances: Clearances;

  /** `recent` is what an earlier process held back. */
  constructor(recent: readonly StoredTransition[], deps: AlertLedgerDependencies) {
    this.#deps = deps;
    this.#clearances = new Clearances(deps.engine, deps.comparison);
    this.#appender = new TransitionAppender(recent, {
      ...deps,
      onWentBack: () => deps.comparison.demand(),
    });
  }

  /** What is held back now, plain JSON. */
  recent(): readonly StoredTransition[] {
    return this.#appender.recent();
  }

  /** Stores what the rules found; rejects only with `shutdown`, after the signal. */
  async store(found: readonly AlertTransition[], signal: AbortSignal): Promise<void> {
    if (found.length > 0) await this.#appender.append(found, signal);
  }

  /**
   * Stores what the stream lost, makes the rules and the stream agree where one of them is ahead for
   * good, and ends what people say is over. True when the rules may be others than before. Rejects as `store` does.
   */
  async agree(signal: AbortSignal): Promise<boolean> {
    await this.#appender.look(signal);
    // What an edit of the rules ended must be stored before the stream seems to know more.
    const found = this.#deps.engine.found();
    await this.storeSeen(found, signal);
    const drafts = [...(await this.#compare(signal)), ...this.#clearances.take()];
    await this.#storeUnread(drafts, signal);
    return found.length + drafts.length > 0;
  }

  /** Reads what people did until the signal. `agree` is due when `onClear` is called. */
  followClearances(signal: AbortSignal, onClear: () => Promise<void>): Promise<void> {
    return followClearances(this.#clearances, this.#deps.partition, signal, this.#deps, () => {
      // Another process may have cleared it, and have found what came behind that.
      this.#deps.comparison.demand();
      return onClear();
    });
  }

  /** Stores what was not found in an event; rejects as `store` does. */
  async storeSeen(drafts: readonly TransitionDraft[], signal: AbortSignal): Promise<void> {
    const { comparison } = this.#deps;
    await this.#storeUnread(
      drafts.filter((draft) => comparison.admit(draft)),
      signal,
    );
  }

  async #storeUnread(drafts: readonly TransitionDraft[], signal: AbortSignal): Promise<void> {
    const { clock, lateAfterMs, read } = this.#deps;
    const transitions = drafts.map((draft) =>
      completeTransition(draft, lastReads(draft, read), clock.wallMs(), lateAfterMs),
    );
    await this.store(transitions, signal);
  }

  async #compare(signal: AbortSignal): Promise<readonly TransitionDraft[]> {
    const { backbone, comparison, logger, partition, read } = this.#deps;
    try {
      return await comparison.compare(
        async (onHead) => readPartitionHeads(await backbone.connected(signal), partition, onHead),
        (eventId) => hasPassed(eventId, read.positionOf),
      );
    } catch (thrown) {
      const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot compare alerts");
      logger.warn("alerts were not compared; it is tried again", { reason: message });
      return [];
    }
  }
}
