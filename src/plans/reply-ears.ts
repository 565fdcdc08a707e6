/** Hears what gateways say of commands, from those gateways that something is awaited of. */
import { type Clock, sleep } from "../core/clock.ts";
import type { Command, CommandReply } from "../core/command.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import { gatewayStream } from "../core/subject.ts";
import type { Backbone } from "../stream/backbone.ts";
import { followReplies, type ReplyScope } from "../stream/command-replies.ts";
import { sinceMs } from "./stream-world.ts";

const backoffLimits = { baseMs: 250, maxMs: 5_000 };

export interface ReplyEarsDependencies {
  readonly backbone: Backbone;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** May be told the same more than once. */
  readonly onReply: (reply: CommandReply) => void;
}

interface Ear {
  readonly fromMs: number;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export class ReplyEars {
  readonly #deps: ReplyEarsDependencies;
  readonly #ears = new Map<string, Ear>();

  constructor(deps: ReplyEarsDependencies) {
    this.#deps = deps;
  }

  /** What its gateway says of the command is heard from now on, with what it has said before. */
  listenFor(command: Command): void {
    const { gateway, site } = command;
    const stream = gatewayStream(gateway);
    const fromMs = sinceMs(command);
    const ear = this.#ears.get(stream);
    if (this.#deps.signal.aborted || (ear && ear.fromMs <= fromMs)) return;
    ear?.stop.abort();
    const stop = new AbortController();
    const signal = stop.signal;
    const ended = this.#listen({ site, gateway }, fromMs, signal);
    this.#ears.set(stream, { fromMs, stop, ended });
  }

  /** Nothing is awaited from other gateways than these any more; named by their streams. */
  keepOnly(streams: ReadonlySet<string>): void {
    for (const [stream, ear] of this.#ears) {
      if (streams.has(stream)) continue;
      ear.stop.abort();
      this.#ears.delete(stream);
    }
  }

  async stop(): Promise<void> {
    const ears = [...this.#ears.values()];
    this.keepOnly(new Set());
    await Promise.all(ears.map(({ ended }) => ended));
  }

  async #listen(scope: ReplyScope, storedMs: number, signal: AbortSignal): Promise<void> {
    const { backbone, clock, logger, onReply, random } = this.#deps;
    const backoff = new Backoff(backoffLimits, random);
    while (!signal.aborted) {
      try {
        const connection = await backbone.connected(signal);
        for await (const { reply } of followReplies(
          connection,
          scope,
          { storedMs },
          signal,
          clock,
        )) {
          backoff.reset();
          onReply(reply);
        }
      } catch (thrown) {
        if (signal.aborted) return;
        const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot hear replies");
        logger.debug("replies of a gateway are not heard; it is tried again", {
          gateway: scope.gateway,
          reason: message,
        });
        await sleep(clock, backoff.nextMs(), signal);
      }
    }
  }
}
