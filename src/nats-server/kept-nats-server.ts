/**
 * A nats-server of our own that stays: when it ends by itself it is started again at the same port,
 * so that everybody who was connected finds it again.
 */
import { type Clock, sleep } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import { startNatsServer } from "./own-nats-server.ts";

export interface KeptNatsServer {
  /** `nats://127.0.0.1:39421`: the same for as long as it is kept. */
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** Resolves when the server is gone. */
  stop(): Promise<void>;
}

export interface KeptNatsServerOptions {
  /** Where it keeps its streams, and nobody else anything. Made when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** After so long a life the next end is a first one. */
const steadyMs = 60_000;

/**
 * Starts the server. Throws `nats.unavailable` when it does not start the first time; later it is
 * tried for ever.
 */
export async function keepNatsServer(options: KeptNatsServerOptions): Promise<KeptNatsServer> {
  const { clock, folder, logger, random } = options;
  const stopping = new AbortController();
  let server = await startNatsServer({ folder });
  const { port, url, version } = server;
  const backoff = new Backoff({ baseMs: 500, maxMs: 30_000 }, random);

  const startAgain = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(clock, backoff.nextMs(), stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        server = await startNatsServer({ folder, port });
        logger.warn("nats-server runs again", { pid: server.pid, url });
        return;
      } catch (error) {
        logger.error("cannot start nats-server again; it is tried on", { error });
      }
    }
  };
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedMs = clock.monotonicMs();
      const how = await server.exited;
      if (stopping.signal.aborted) return;
      logger.error("nats-server ended by itself; it is started again", { how, pid: server.pid });
      if (clock.monotonicMs() - startedMs > steadyMs) backoff.reset();
      await startAgain();
    }
  };
  const kept = keep();

  return {
    url,
    port,
    version,
    async stop() {
      stopping.abort();
      await server.stop();
      await kept;
      // One that was being started while we were told to stop.
      await server.stop();
    },
  };
}
