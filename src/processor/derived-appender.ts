/** Sees to it that derived values stand in their stream, each once, however often the backbone goes away. */
import { atOnce } from "../core/at-once.ts";
import { type Clock, sleep } from "../core/clock.ts";
import { type DerivedValue, derivedSeriesId } from "../core/derived-value.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Backbone } from "../stream/backbone.ts";
import { appendDerived, type DerivedHead } from "../stream/derived-log.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { derivedStreamContract } from "../stream/stream-contract.ts";

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
  readonly #heads = new Map<string, DerivedHead>();
  #lookedOver: Connection | undefined;

  constructor(deps: DerivedAppenderDependencies) {
    this.#deps = deps;
  }

  /**
   * Appends all, those of one series in their order. Goes on trying until the signal, then rejects
   * with `shutdown`: nobody can say then which are stored.
   */
  async append(values: readonly DerivedValue[], signal: AbortSignal): Promise<void> {
    if (values.length === 0) return;
    const { backbone, backboneOptions, clock, logger, random } = this.#deps;
    const backoff = new Backoff(backoffLimits, random);
    for (;;) {
      try {
        const connection = await backbone.connected(signal);
        if (connection !== this.#lookedOver) {
          this.#heads.clear();
          await ensureStream(connection, derivedStreamContract(backboneOptions));
          this.#lookedOver = connection;
        }
        await atOnce(maxAtOnce, seriesOf(values), async ([id, chain]) => {
          for (const value of chain) {
            const { head } = await appendDerived(connection, value, this.#heads.get(id));
            this.#heads.set(id, head);
          }
        });
        if (this.#heads.size > maxHeads) this.#heads.clear();
        return;
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
