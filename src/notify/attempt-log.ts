import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Logger } from "../core/logger.ts";
import type { Backbone } from "../stream/backbone.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import { type DeliveryAttempt, recordAttempt } from "../stream/notify-log.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { notifyLogStreamContract } from "../stream/stream-contract.ts";

export type AttemptFacts = Omit<DeliveryAttempt, "schema" | "at">;

/** The log of delivery attempts and dead letters. */
export interface AttemptLog {
  /** True once it is stored; false where that is not possible now. */
  record(attempt: AttemptFacts): Promise<boolean>;
}

export interface AttemptLogDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createAttemptLog(deps: AttemptLogDependencies): AttemptLog {
  const { backbone, backboneOptions, clock, logger } = deps;
  let ensuredOver: ReturnType<Backbone["connection"]>;

  return {
    async record(attempt) {
      const connection = backbone.connection();
      if (!connection) return false;
      try {
        if (ensuredOver !== connection)
          await ensureStream(connection, notifyLogStreamContract(backboneOptions));
        ensuredOver = connection;
        const at = formatTime(clock.wallMs());
        await recordAttempt(connection, { schema: "notify.attempt/1", ...attempt, at }).catch(
          (thrown: unknown) => {
            if (!isTooLarge(thrown)) throw thrown;
            // The alert itself is in its stream: rather that nobody can send it again than no end.
            const { alert: _, ...rest } = attempt;
            return recordAttempt(connection, { schema: "notify.attempt/1", ...rest, at });
          },
        );
        return true;
      } catch (thrown) {
        ensuredOver = undefined;
        const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot record");
        const { outcome, receiver, transition } = attempt;
        logger.warn("a delivery attempt was not recorded", {
          receiver,
          transition,
          outcome,
          cause: message,
        });
        return false;
      }
    },
  };
}

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof GatewayError && thrown.disposition === "reject";
}
