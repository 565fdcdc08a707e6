/**
 * Has the stream of a gateway take batches where it does not yet: asked once, since somebody may have
 * switched it off.
 *
 * Not for a gateway with an account of its own (`sluicegate nats-permissions`): what it publishes is
 * handed on to the account of the streams, and the server remembers each such message for two minutes
 * while nobody answers it.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { accountOf } from "../stream/account-of.ts";
import { allowBatches } from "../stream/allow-batches.ts";
import type { EnsuredStream } from "../stream/ensure-stream.ts";

export class AskForBatches {
  readonly #stream: string;
  readonly #logger: Logger;
  /** When the stream was made that took batches, or was asked to. */
  #settled: string | undefined;

  constructor(stream: string, logger: Logger) {
    this.#stream = stream;
    this.#logger = logger;
  }

  /** Whether batches may be sent. A refusal is logged, and is no reason not to go on. */
  async allowed(connection: NatsConnection, { batches, created }: EnsuredStream): Promise<boolean> {
    // Such an account has the name of the stream.
    if (accountOf(connection) === this.#stream) return false;
    const isSettled = this.#settled === created;
    if (batches !== "unknown") this.#settled = created;
    if (batches !== "off" || isSettled) return batches === "on";
    try {
      return (await allowBatches(connection, this.#stream)) === "on";
    } catch (thrown) {
      const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot ask for batches");
      this.#logger.info("the stream takes no batches, so each record is answered by itself", {
        stream: this.#stream,
        reason: message,
      });
      return false;
    }
  }
}
