/** The port of the console, tried again while something else has it. */
import { startWebServer, type WebServer, type WebServerParts } from "../../api/web-server.ts";
import type { Timer } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { ListenAddress } from "../../core/listen-address.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";

const againMs = 10_000;

export interface ConsolePort {
  /** Undefined while it cannot listen. */
  address(): ListenAddress | undefined;
  renew(tls: TlsMaterial): void;
  stop(): Promise<void>;
}

/**
 * Resolves after the first try. What is in the way is told once: the console is no reason for a
 * gateway to take nothing from its devices.
 */
export async function keepListening(parts: WebServerParts): Promise<ConsolePort> {
  const { clock, logger } = parts;
  let server: WebServer | undefined;
  let timer: Timer | undefined;
  let tls = parts.tls;
  let isStopped = false;
  let told: string | undefined;
  const listen = async (): Promise<void> => {
    try {
      server = await startWebServer({ ...parts, tls });
      if (isStopped) await server.stop();
    } catch (thrown) {
      const { message } = GatewayError.from(thrown, "source.unavailable", "no console");
      if (message !== told) logger.warn(message);
      told = message;
      if (!isStopped) timer = clock.setTimer(againMs, () => void listen());
    }
  };
  await listen();
  return {
    address: () => server?.address,
    renew(next) {
      tls = next;
      server?.renew(next);
    },
    async stop() {
      isStopped = true;
      timer?.cancel();
      await server?.stop();
    },
  };
}
