import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Backbone } from "../stream/backbone.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import { type DeliveryAttempt, recordAttempt } from "../stream/notify-log.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { notifyLogStreamContract } from "../stream/stream-contract.ts";

const backoffLimits = { baseMs: 500, maxMs: 10_000 };

export type AttemptFacts = Omit<DeliveryAttempt, "schema" | "at">;

/** The log of delivery attempts. */
export interface AttemptLog {
  /** Notes an attempt where that is possible now: for people, nothing rests on it. */
  note(attempt: AttemptFacts): Promise<void>;
  /**
   * Stores a dead letter; true once it is stored, false when the signal came first. Nobody else
   * remembers what was given up.
   */
  bury(attempt: AttemptFacts, signal: AbortSignal): Promise<boolean>;
}

export interface AttemptLogDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export function createAttemptLog(deps: AttemptLogDependencies): AttemptLog {
  const { backbone, backboneOptions, clock, logger, random } = deps;
  let ensuredOver: ReturnType<Backbone["connection"]>;

  const record = async (attempt: AttemptFacts): Promise<boolean> => {
    const connection = backbone.connection();
    if (!connection) return false;
    try {
      if (ensuredOver !== connection)
        await ensureStream(connection, notifyLogStreamContract(backboneOptions));
      ensuredOver = connection;
      const at = formatTime(clock.wallMs());
      await recordAttempt(connection, { schema: "notify.attempt/1", ...attempt, at });
      return true;
    } catch (thrown) {
      ensuredOver = undefined;
      const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot record");
      logger.warn("a delivery attempt was not recorded", { ...attempt, cause: message });
      return false;
    }
  };

  return {
    async note(attempt) {
      await record(attempt);
    },
    async bury(attempt, signal) {
      const backoff = new Backoff(backoffLimits, random);
      while (!signal.aborted) {
        await backbone.connected(signal).catch(() => undefined);
        if (await record(attempt)) return true;
        await sleep(clock, backoff.nextMs(), signal);
      }
      return false;
    },
  };
}
