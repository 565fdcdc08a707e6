/**
 * Reads a stream for as long as its owner wants, over any number of connections.
 *
 * No cursor is kept at the server: after a power cut one was found ahead of its stream, and its
 * reader starved in silence. Instead the plan looks whether the stream still is what was read of
 * it: at the start, at each connect, after some seconds of silence, and whenever a message is not
 * one that can come next.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Backbone } from "./backbone.ts";
import { followByReads } from "./follow-by-reads.ts";
import {
  type FollowedMessage,
  type FollowedStream,
  type FollowOptions,
  followStream,
} from "./follow-stream.ts";

/** Silence after which the plan looks whether it is the stream that is silent. */
const silenceMs = 5_000;
const backoffLimits = { baseMs: 250, maxMs: 5_000 };

/** What is read, and how. Its calls never overlap. */
export interface ReadingPlan<Batch> {
  readonly stream: string;
  /** Looks at the stream and says where to go on. */
  locate(connection: NatsConnection): Promise<FollowOptions>;
  /** Takes messages in; `astray` when one of them cannot come next, and it and the rest were left. */
  take(messages: readonly FollowedMessage[]): { readonly batch?: Batch; readonly astray: boolean };
  /** After a silence: true when there is nothing that should have come. */
  isUpToDate(connection: NatsConnection): Promise<boolean>;
}

export interface SteadyReaderDependencies {
  readonly backbone: Backbone;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export class SteadyReader<Batch> {
  readonly #plan: ReadingPlan<Batch>;
  readonly #signal: AbortSignal;
  readonly #deps: SteadyReaderDependencies;
  readonly #backoff: Backoff;
  #connection: NatsConnection | undefined;
  #followed: FollowedStream | undefined;

  constructor(plan: ReadingPlan<Batch>, signal: AbortSignal, deps: SteadyReaderDependencies) {
    this.#plan = plan;
    this.#signal = signal;
    this.#deps = deps;
    this.#backoff = new Backoff(backoffLimits, deps.random);
  }

  /**
   * The next batch; waits for it as long as it takes. Undefined once the signal is aborted. Not to
   * be called while a call is under way.
   */
  async next(): Promise<Batch | undefined> {
    while (!this.#signal.aborted) {
      try {
        const batch = await this.#step();
        if (batch !== undefined) return batch;
      } catch (thrown) {
        await this.#stumble(thrown);
      }
    }
    await this.#stopFollowing();
    return undefined;
  }

  /** The connection that is read over; undefined while the place to go on is looked for. */
  get following(): NatsConnection | undefined {
    return this.#followed && this.#connection;
  }

  async #step(): Promise<Batch | undefined> {
    this.#followed ??= await this.#follow();
    const messages = await this.#followed.next(silenceMs, this.#signal);
    if (this.#signal.aborted) return undefined;
    if (messages.length === 0) {
      const isWell = this.#connection && (await this.#plan.isUpToDate(this.#connection));
      if (isWell) this.#backoff.reset();
      else await this.#stopFollowing();
      return undefined;
    }
    this.#backoff.reset();
    const { batch, astray } = this.#plan.take(messages);
    if (astray) await this.#stopFollowing();
    return batch;
  }

  async #follow(): Promise<FollowedStream> {
    this.#connection = await this.#deps.backbone.connected(this.#signal);
    const { clock, logger } = this.#deps;
    const options = await this.#plan.locate(this.#connection);
    const { stream } = this.#plan;
    const { from, wakenBy } = options;
    if (wakenBy === undefined || typeof from !== "number")
      return followStream(this.#connection, stream, options, clock);
    const onMissed = (): void =>
      logger.error("what was published does not come into the copy that is read", {
        ...{ stream, natsSubject: wakenBy },
        advice:
          "sluicegate backbone prepare --anew makes copies again that stand still; what was " +
          "published with a header Nats-Expected-... comes into none",
      });
    return followByReads(this.#connection, stream, { from, wakenBy, onMissed }, clock);
  }

  async #stumble(thrown: unknown): Promise<void> {
    const { clock, logger } = this.#deps;
    const { stream } = this.#plan;
    await this.#stopFollowing();
    if (this.#signal.aborted) return;
    const { message } = GatewayError.from(thrown, "stream.unavailable", `cannot read ${stream}`);
    logger.debug("reading a stream is tried again", { stream, reason: message });
    await sleep(clock, this.#backoff.nextMs(), this.#signal);
  }

  async #stopFollowing(): Promise<void> {
    const followed = this.#followed;
    this.#followed = undefined;
    await followed?.close();
  }
}
