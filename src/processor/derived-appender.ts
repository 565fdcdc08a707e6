/**
 * Sees to it that derived values stand in their stream, each once: however often the backbone goes
 * away, and also when it comes back without what it had confirmed.
 */
import { atOnce } from "../core/at-once.ts";
import { type Clock, sleep } from "../core/clock.ts";
import { type DerivedValue, derivedIdOf, derivedSeriesId } from "../core/derived-value.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Backbone } from "../stream/backbone.ts";
import {
  appendDerived,
  type DerivedHead,
  holdsDerived,
  type StoredDerived,
} from "../stream/derived-log.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import type { BackboneOptions } from "../stream/options.ts";
import type { DocumentPart } from "../stream/parted-document-writer.ts";
import { derivedStreamContract } from "../stream/stream-contract.ts";
import { RecentDerived } from "./recent-derived.ts";

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

const backoffLimits = { baseMs: 250, maxMs: 10_000 };
/** Appends under way at once, each of another series. */
const maxAtOnce = 64;
/** Of a series beyond, the last value is looked up in the stream. */
const maxHeads = 100_000;

export interface DerivedAppenderDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** One partition's way to the stream of derived values. One call at a time. */
export class DerivedAppender {
  readonly #deps: DerivedAppenderDependencies;
  readonly #recent: RecentDerived;
  readonly #heads = new Map<string, DerivedHead>();
  /** How the stream was when it was last looked at. */
  #created: string | undefined;
  /** It lost something, and not all of that is appended again. */
  #isTorn = false;
  /** The connection over which the stream was looked at, and nothing has failed since. */
  #lookedOver: Connection | undefined;

  /** `held` is what an earlier process held back. */
  constructor(held: readonly StoredDerived[], deps: DerivedAppenderDependencies) {
    this.#deps = deps;
    this.#recent = new RecentDerived(held, deps.clock.monotonicMs());
    for (const { streamSeq, value } of held)
      this.#heads.set(derivedSeriesId(value), { atMs: value.atMs, streamSeq });
  }

  /** What is held back now, as it is saved. */
  parts(): Iterable<DocumentPart> {
    return this.#recent.parts();
  }

  /**
   * Looks whether the stream still has what was stored, and appends again what it lost. Goes on
   * trying until the signal, then rejects with `shutdown`.
   */
  async look(signal: AbortSignal): Promise<void> {
    if (!this.#recent.last()) return;
    this.#lookedOver = undefined;
    await this.#store([], signal);
  }

  /**
   * Appends all, those of one series in their order. Goes on trying until the signal, then rejects
   * with `shutdown`: nobody can say then which are stored.
   */
  async append(values: readonly DerivedValue[], signal: AbortSignal): Promise<void> {
    if (values.length > 0) await this.#store(values, signal);
  }

  async #store(values: readonly DerivedValue[], signal: AbortSignal): Promise<void> {
    const { backbone, clock, logger, random } = this.#deps;
    const backoff = new Backoff(backoffLimits, random);
    for (;;) {
      try {
        const connection = await backbone.connected(signal);
        await this.#lookAt(connection);
        return await this.#appendAll(connection, values);
      } catch (thrown) {
        const { code, message } = GatewayError.from(thrown, "stream.unavailable", "cannot append");
        this.#lookedOver = undefined;
        if (signal.aborted) throw new GatewayError("shutdown", "asked to stop while appending");
        logger.warn("derived values are not stored yet; trying again", {
          waiting: values.length,
          code,
          reason: message,
        });
        await sleep(clock, backoff.nextMs(), signal);
      }
    }
  }

  /** After each connect and each failure, as for alerts. */
  async #lookAt(connection: Connection): Promise<void> {
    if (connection === this.#lookedOver) return;
    const { backboneOptions, logger } = this.#deps;
    const { created, lastSeq } = await ensureStream(
      connection,
      derivedStreamContract(backboneOptions),
    );
    const last = this.#recent.last();
    const isOther = this.#created !== undefined && created !== this.#created;
    if (isOther || (last && !(await holdsDerived(connection, last)))) this.#isTorn = true;
    if (this.#isTorn) {
      const values = Array.from(this.#recent.all, ({ value }) => value);
      logger.error(
        "the stream of derived values lost some it had confirmed; appending them again",
        {
          confirmedUpTo: last?.streamSeq,
          lastSeq,
          held: values.length,
        },
      );
      this.#heads.clear();
      await this.#appendAll(connection, values);
      this.#isTorn = false;
    }
    this.#created = created;
    this.#lookedOver = connection;
  }

  async #appendAll(connection: Connection, values: readonly DerivedValue[]): Promise<void> {
    const { clock } = this.#deps;
    await atOnce(maxAtOnce, seriesOf(values), async ([id, chain]) => {
      for (const value of chain) {
        const head = await this.#appendOne(connection, value, this.#heads.get(id));
        if (!head) continue;
        this.#heads.set(id, head);
        this.#recent.note({ value, streamSeq: head.streamSeq }, clock.monotonicMs());
      }
    });
    if (this.#heads.size <= maxHeads) return;
    this.#heads.clear();
    this.#lookedOver = undefined;
  }

  /** Undefined for a value that the backbone can never take; the others go on without it. */
  async #appendOne(
    connection: Connection,
    value: DerivedValue,
    known: DerivedHead | undefined,
  ): Promise<DerivedHead | undefined> {
    try {
      return (await appendDerived(connection, value, known)).head;
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot append");
      if (failure.disposition !== "reject") throw failure;
      this.#deps.logger.error("the backbone can never take a derived value", {
        value: derivedIdOf(value),
        reason: failure.message,
      });
      return undefined;
    }
  }
}

function seriesOf(values: readonly DerivedValue[]): Iterable<readonly [string, DerivedValue[]]> {
  const chains = new Map<string, DerivedValue[]>();
  for (const value of values) {
    const id = derivedSeriesId(value);
    const chain = chains.get(id);
    if (chain) chain.push(value);
    else chains.set(id, [value]);
  }
  return chains;
}
