import type { Server } from "node:net";
import { GatewayError } from "../core/errors.ts";
import { formatListenAddress, type ListenAddress } from "../core/listen-address.ts";

/** What to do about the system's refusals. */
const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "another program has the port (a mosquitto service?), or another of `sources`; stop it or change `listen`",
  EACCES: "ports below 1024 are for root; change `listen`",
  EADDRNOTAVAIL: "no interface of this machine has the address; change `listen`",
  ENOTFOUND: "the name has no address; change `listen`",
};

/** Listens; gives the address with the port that was really taken, as text. */
export function listenOn(server: Server, wanted: ListenAddress): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      const remedy = remedies[error.code ?? ""] ?? error.message;
      const address = formatListenAddress(wanted);
      reject(
        new GatewayError("source.unavailable", `cannot listen on ${address}: ${remedy}`, {
          cause: error,
        }),
      );
    };
    server.once("error", refuse);
    server.listen(wanted.port, wanted.host, () => {
      server.removeListener("error", refuse);
      const bound = server.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : wanted.port;
      resolve(formatListenAddress({ host: wanted.host, port }));
    });
  });
}
