/**
 * The port: what anybody may send to it costs so much and no more. Whoever is slow, says too much
 * or opens too many lines is cut off, and nobody else notices.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatListenAddress, type ListenAddress } from "../core/listen-address.ts";
import type { Logger } from "../core/logger.ts";
import { systemReason } from "../core/system-reason.ts";
import { contextOf } from "../tls/server-context.ts";
import type { TlsMaterial } from "../tls/tls-material.ts";
import { AddressCount } from "./address-count.ts";
import { checkVisitors } from "./certified-visitors.ts";
import type { IsTrustedProxy } from "./trusted-proxies.ts";
import type { WebApp } from "./web-parts.ts";

/** Of everything together. */
const maxConnections = 512;
/** From one address, where no proxy stands before us. */
const maxConnectionsOfAddress = 128;
/** Questions of one line that wait for their answers: browsers ask one after the other. */
const maxWaiting = 8;
/** How long readers get to take what was said last. */
const farewellMs = 500;
/** A socket on which nothing moves in either direction; a live stream has a pulse. */
const stillMs = 120_000;

const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Longer than proxies keep theirs: who closes first must not be us, or they answer 502.
  keepAliveTimeout: 75_000,
  requireHostHeader: true,
} as const;
const handshakes = { handshakeTimeout: limits.headersTimeout };

/** Where to listen. */
export interface WantedAddress extends ListenAddress {
  /** Where something else has the port, any that is free will do. */
  readonly orFreePort?: boolean;
}

export interface WebServerParts {
  readonly app: Pick<WebApp, "fetch">;
  readonly listen: WantedAddress;
  readonly tls?: TlsMaterial | undefined;
  /** Whether the name in a visitor's certificate is that of a user or a token. */
  readonly isKnownName?: ((name: string) => boolean) | undefined;
  /** Who asks for everybody; undefined where no proxy stands before us. */
  readonly isProxy?: IsTrustedProxy | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface WebServer {
  /** With the port that was really taken. */
  readonly address: ListenAddress;
  /** Goes on with another certificate; lines that are open keep theirs. */
  renew(tls: TlsMaterial): void;
  /** Ends every line, soon. */
  stop(): Promise<void>;
}

/** Listens; throws `source.unavailable` where it cannot. */
export async function startWebServer(parts: WebServerParts): Promise<WebServer> {
  const { app, clock, isKnownName, isProxy, listen, logger, tls } = parts;
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const waiting = new WeakMap<Socket, number>();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const before = waiting.get(socket) ?? 0;
    if (before >= maxWaiting) return void socket.destroy();
    waiting.set(socket, before + 1);
    response.on("close", () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    // Who is gone before the answer is there is no fault of ours.
    response.on("error", () => {});
    void listener(request, response);
  };
  const requestCert = tls?.ca !== undefined;
  const secure =
    tls &&
    createSecureServer(
      { ...limits, ...handshakes, ...contextOf(tls), requestCert, rejectUnauthorized: true },
      serve,
    );
  if (secure && requestCert)
    checkVisitors(secure, { isKnown: isKnownName ?? (() => false), logger });
  const server: Server = secure ?? createServer(limits, serve);
  server.maxConnections = maxConnections;
  server.maxHeadersCount = 100;
  server.timeout = stillMs;
  const counted = new AddressCount(maxConnectionsOfAddress);
  server.on("connection", (socket) => {
    const { remoteAddress = "" } = socket;
    if (isProxy?.(remoteAddress)) return;
    if (!counted.enter(remoteAddress)) return void socket.destroy();
    socket.on("close", () => counted.leave(remoteAddress));
  });
  // Nothing here speaks another protocol, whatever a request says.
  server.on("upgrade", (_, socket) => socket.destroy());
  const port = await take(server, listen).catch((thrown: unknown) => {
    if (!listen.orFreePort) throw thrown;
    return take(server, { ...listen, port: 0 });
  });
  server.on("error", (thrown) => logger.warn("the port of the console has trouble", { thrown }));
  return {
    address: { host: listen.host, port },
    renew: (next) => secure?.setSecureContext(contextOf(next)),
    stop: () =>
      new Promise((resolve) => {
        const limit = clock.setTimer(farewellMs, () => server.closeAllConnections());
        server.close(() => {
          limit.cancel();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function take(server: Server, wanted: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (thrown: Error): void => {
      const message =
        `cannot serve the console on ${formatListenAddress(wanted)}: ${systemReason(thrown)}; ` +
        "stop what has the port, or change console.listen";
      reject(new GatewayError("source.unavailable", message, { cause: thrown }));
    };
    server.once("error", refuse);
    server.listen(wanted.port, wanted.host, () => {
      server.off("error", refuse);
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : wanted.port);
    });
  });
}
