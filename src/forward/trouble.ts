/** What to do about a failure of the road: how long to wait, and what people are told. */
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Backoff } from "../core/retry.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { ForwardStatus } from "./forward-status.ts";

export interface TroubleDependencies {
  readonly backbone: Backbone;
  readonly backoff: Backoff;
  readonly status: ForwardStatus;
  readonly logger: Logger;
}

/** Gives the wait before the next try, in milliseconds; throws what is a bug of ours. */
export function judgeTrouble(thrown: unknown, deps: TroubleDependencies): number {
  const { backbone, backoff, logger, status } = deps;
  const failure = GatewayError.from(thrown, "stream.unavailable", "cannot forward");
  if (failure.code === "internal.bug") throw failure;
  // Whoever waits for the next connection waits long enough.
  if (!backbone.connection()) return 0;
  if (failure.code === "stream.fenced") {
    logger.info("the stream is not where it was expected; its position is read again", {
      reason: failure.message,
    });
  } else {
    const refusal = backbone.lastRefusal();
    status.become("blocked", refusal ? `${failure.message}; ${refusal.message}` : failure.message);
  }
  return backoff.nextMs();
}
