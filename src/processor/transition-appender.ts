/**
 * Sees to it that transitions stand in the alerts stream: however often the backbone goes away, and
 * also when it comes back without what it had confirmed.
 */
import type { AlertTransition } from "../core/alert.ts";
import { atOnce } from "../core/at-once.ts";
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter } from "../core/metrics.ts";
import { Backoff, type Random } from "../core/retry.ts";
import {
  type AlertHead,
  appendTransition,
  holdsTransition,
  type StoredTransition,
} from "../stream/alert-log.ts";
import type { Backbone } from "../stream/backbone.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { alertsStreamContract } from "../stream/stream-contract.ts";
import { RecentTransitions } from "./recent-transitions.ts";

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

const backoffLimits = { baseMs: 250, maxMs: 10_000 };
/** Appends under way at once, each of another instance. */
const maxAtOnce = 32;

export interface TransitionAppenderDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Transitions that this process stored. */
  readonly stored: Counter;
  /** Told of a transition that the backbone can never take. */
  readonly onRefused: (transition: AlertTransition, reason: string) => void;
  /** Told when the stream came back without its end, or as another one. */
  readonly onWentBack: () => void;
}

/** One partition's way to the alerts stream. One call at a time. */
export class TransitionAppender {
  readonly #deps: TransitionAppenderDependencies;
  readonly #recent: RecentTransitions;
  readonly #heads = new Map<string, AlertHead>();
  /** How the stream was when it was last looked at, and the last message known of since. */
  #created: string | undefined;
  #lastSeq = 0;
  /** It lost something, and not all of that is appended again. */
  #isTorn = false;
  /** The connection over which the stream was looked at, and nothing has failed since. */
  #lookedOver: Connection | undefined;

  /** `recent` is what an earlier process held back. */
  constructor(recent: readonly StoredTransition[], deps: TransitionAppenderDependencies) {
    this.#deps = deps;
    this.#recent = new RecentTransitions(recent, deps.clock.monotonicMs());
  }

  /** What is held back now, plain JSON. */
  recent(): readonly StoredTransition[] {
    return this.#recent.list(this.#deps.clock.monotonicMs());
  }

  /**
   * Looks whether the stream still has what was stored, and appends again what it lost. Goes on
   * trying until the signal, then rejects with `shutdown`.
   */
  look(signal: AbortSignal): Promise<void> {
    this.#lookedOver = undefined;
    return this.append([], signal);
  }

  /**
   * Appends all, those of one instance in their order. Goes on trying until the signal, then
   * rejects with `shutdown`: nobody can say then which are stored.
   */
  async append(transitions: readonly AlertTransition[], signal: AbortSignal): Promise<void> {
    const { backbone, clock, logger, random } = this.#deps;
    const backoff = new Backoff(backoffLimits, random);
    for (;;) {
      try {
        const connection = await backbone.connected(signal);
        await this.#lookAt(connection);
        return await this.#appendAll(connection, transitions);
      } catch (thrown) {
        const { code, message } = GatewayError.from(thrown, "stream.unavailable", "cannot append");
        this.#lookedOver = undefined;
        this.#heads.clear();
        if (signal.aborted) throw new GatewayError("shutdown", "asked to stop while appending");
        logger.warn("alert transitions are not stored yet; trying again", {
          waiting: transitions.length,
          code,
          reason: message,
        });
        await sleep(clock, backoff.nextMs(), signal);
      }
    }
  }

  /**
   * After each connect and each failure: a server that was away may have come back without its last
   * messages, and somebody may have removed the stream.
   */
  async #lookAt(connection: Connection): Promise<void> {
    if (connection === this.#lookedOver) return;
    const { backboneOptions, logger, onWentBack } = this.#deps;
    const facts = await ensureStream(connection, alertsStreamContract(backboneOptions));
    const held = this.recent();
    const last = this.#recent.last();
    const isOther = this.#created !== undefined && facts.created !== this.#created;
    const lostLast = last !== undefined && !(await holdsTransition(connection, last));
    if (isOther || lostLast || facts.lastSeq < this.#lastSeq) this.#isTorn = true;
    if (this.#isTorn) {
      logger.error("the alerts stream lost transitions it had confirmed; appending them again", {
        confirmedUpTo: this.#lastSeq,
        lastSeq: facts.lastSeq,
        held: held.length,
      });
      this.#heads.clear();
      onWentBack();
      this.#lastSeq = facts.lastSeq;
      const transitions = held.map(({ transition }) => transition);
      await this.#appendAll(connection, transitions);
      this.#isTorn = false;
    }
    this.#created = facts.created;
    this.#lastSeq = Math.max(this.#lastSeq, facts.lastSeq);
    this.#lookedOver = connection;
  }

  async #appendAll(connection: Connection, transitions: readonly AlertTransition[]): Promise<void> {
    const chains = groupByInstance(transitions).values();
    await atOnce(maxAtOnce, chains, async (chain) => {
      for (const transition of chain) await this.#appendOne(connection, transition);
    });
  }

  async #appendOne(connection: Connection, transition: AlertTransition): Promise<void> {
    const { clock, logger, onRefused, stored: storedCounter } = this.#deps;
    const { instance } = transition;
    const known = this.#heads.get(instance);
    try {
      const { head, stored } = await appendTransition(connection, transition, known);
      this.#heads.set(instance, head);
      this.#recent.add({ transition, streamSeq: head.streamSeq }, clock.monotonicMs());
      this.#lastSeq = Math.max(this.#lastSeq, head.streamSeq);
      if (stored) storedCounter.add();
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot append");
      if (failure.disposition !== "reject") throw failure;
      logger.error("the backbone can never take an alert transition", {
        transition: transition.id,
        reason: failure.message,
      });
      onRefused(transition, failure.message);
    }
  }
}

function groupByInstance(
  transitions: readonly AlertTransition[],
): ReadonlyMap<string, readonly AlertTransition[]> {
  const chains = new Map<string, AlertTransition[]>();
  for (const transition of transitions) {
    const chain = chains.get(transition.instance);
    if (chain) chain.push(transition);
    else chains.set(transition.instance, [transition]);
  }
  return chains;
}
