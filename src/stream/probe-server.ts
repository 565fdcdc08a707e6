import { connect } from "node:net";
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";

const defaultPort = 4_222;
const greeting = "INFO ";

/**
 * Resolves when a server greets us; rejects with `stream.unavailable` when it says nothing within
 * `timeoutMs`, and with `shutdown` on abort.
 *
 * The client is not asked to find that out. Where something accepts and then says nothing (a
 * stopped server, a proxy without one) it gives up in time but leaves its socket open, and a gateway
 * that tries for ever would run out of them.
 */
export function probeServer(
  server: string,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { hostname, port } = new URL(server.includes("://") ? server : `nats://${server}`);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: port === "" ? defaultPort : Number(port) });
    const settle = (failure?: GatewayError): void => {
      timer.cancel();
      signal.removeEventListener("abort", abort);
      socket.destroy();
      if (failure === undefined) resolve();
      else reject(failure);
    };
    const unreachable = (reason: string): void =>
      settle(new GatewayError("stream.unavailable", `cannot connect to ${server}: ${reason}`));
    const abort = (): void =>
      settle(new GatewayError("shutdown", `asked to stop while connecting to ${server}`));
    const timer = clock.setTimer(timeoutMs, () =>
      unreachable(`nothing was heard for ${timeoutMs} ms`),
    );
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    socket.once("data", (bytes) => {
      if (greeting.startsWith(bytes.toString("latin1", 0, greeting.length))) settle();
      else unreachable("it is no nats-server");
    });
    socket.once("end", () => unreachable("it closed the connection"));
    // A socket that is destroyed may fail once more; the promise is settled by then.
    socket.on("error", (failure) => unreachable(failure.message));
  });
}
