/** One target of a bridge, as all shares of the work for it see it in this process. */
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Backbone } from "../stream/backbone.ts";
import { noteSetAside, type SetAside } from "../stream/bridge-aside.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import type { KeyValueBucket } from "../stream/kv.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { bridgeAsideStreamContract } from "../stream/stream-contract.ts";
import type { MissedEvents } from "./event-letter.ts";
import type { Letter } from "./letter.ts";
import { type Link, LinkTrouble } from "./link.ts";
import type { TargetOptions } from "./options.ts";
import { Pace } from "./pace.ts";
import { readSkipped, type SkippedLetters } from "./skipped-letters.ts";
import { createTargetCounters, type TargetCounters } from "./target-counters.ts";
import { TargetHealth } from "./target-health.ts";

const backoffLimits = { baseMs: 500, maxMs: 10_000 };
const mostReason = 500;

export interface TargetDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly openLink: (options: TargetOptions, health: TargetHealth) => Promise<Link>;
  /** The bucket of positions. */
  readonly bucket: (signal: AbortSignal) => Promise<KeyValueBucket>;
}

export class Target {
  readonly options: TargetOptions;
  readonly health: TargetHealth;
  readonly pace: Pace;
  readonly counters: TargetCounters;
  readonly #deps: TargetDependencies;
  #link: Promise<Link> | undefined;
  #skipped: SkippedLetters = new Map();

  constructor(options: TargetOptions, deps: TargetDependencies) {
    this.options = options;
    this.#deps = deps;
    this.health = new TargetHealth(options.name, deps.clock, deps.logger);
    this.pace = new Pace(deps.clock, deps.random);
    this.counters = createTargetCounters(deps.metrics, options.name);
  }

  /** The way to it, opened once for all shares. Rejects with a `LinkTrouble` where it cannot be. */
  async link(): Promise<Link> {
    this.#link ??= this.#deps.openLink(this.options, this.health);
    try {
      return await this.#link;
    } catch (thrown) {
      this.#link = undefined;
      if (thrown instanceof LinkTrouble) throw thrown;
      const { message } = GatewayError.from(thrown, "config.invalid", "cannot open it");
      const trouble = { kind: "trouble", reason: message, needsPeople: true } as const;
      throw new LinkTrouble(trouble, { cause: thrown });
    }
  }

  async close(): Promise<void> {
    const link = await this.#link?.catch(() => undefined);
    await link?.close();
  }

  /** Why people want a letter set aside; undefined where they do not. */
  whySkipped({ id }: Letter): string | undefined {
    return this.#skipped.get(id);
  }

  /** Looks what people want set aside, where something does not go. */
  async lookForSkipped(signal: AbortSignal): Promise<void> {
    if (!this.health.failing) return;
    this.#skipped = await readSkipped(await this.#deps.bucket(signal), this.options.name);
  }

  /** Notes a letter that the target never gets; false when the signal came first. */
  async setAside(
    { id, stream, streamSeq }: Letter,
    kind: "refused" | "skipped",
    reason: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { logger } = this.#deps;
    const target = this.options.name;
    logger.error("an event is set aside; sluicegate bridge aside shows it", { target, id, reason });
    const at = { id, stream, ...(streamSeq !== undefined && { streamSeq }), events: 1 };
    const isNoted = await this.#note({ kind, reason, ...at }, signal);
    if (isNoted) this.counters.note("aside", 1);
    return isNoted;
  }

  /** Notes what the stream let go of before it was carried. */
  async tellMissed(
    { events, range }: MissedEvents,
    stream: string,
    signal: AbortSignal,
  ): Promise<void> {
    const target = this.options.name;
    this.#deps.logger.error(
      "a stream let go of events before they were carried: keep more, or carry sooner",
      { target, stream, range, events },
    );
    const reason = "the stream let go of them before they were carried";
    const isNoted = await this.#note({ kind: "gap", id: range, stream, events, reason }, signal);
    if (isNoted) this.counters.note("missed", events);
  }

  /** True once it is stored on the backbone, however long that takes. */
  async #note(
    what: Omit<SetAside, "schema" | "target" | "at">,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { backbone, backboneOptions, clock, logger, random } = this.#deps;
    const aside: SetAside = {
      ...what,
      schema: "bridge.aside/1",
      target: this.options.name,
      reason: what.reason.slice(0, mostReason),
      at: formatTime(clock.wallMs()),
    };
    const backoff = new Backoff(backoffLimits, random);
    while (!signal.aborted) {
      try {
        const connection = await backbone.connected(signal);
        await ensureStream(connection, bridgeAsideStreamContract(backboneOptions));
        await noteSetAside(connection, aside);
        return true;
      } catch (thrown) {
        const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot note");
        logger.debug("what a target did not get was not noted yet", { reason: message });
        await sleep(clock, backoff.nextMs(), signal);
      }
    }
    return false;
  }
}
