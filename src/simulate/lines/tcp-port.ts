/** A TCP listener in place of a serial port, as serial servers have one. */
import { createServer, type Socket } from "node:net";
import { GatewayError } from "../../core/errors.ts";
import type { HostPort, OpenHostPort } from "./host-port.ts";

/** Of a client that does not read; it is sent away then. */
const mostWaitingBytes = 1_048_576;

/** Listens; every client hears what the device says, and what any of them says the device hears. */
export function listenInPlaceOfPort(host: string, port: number): OpenHostPort {
  return (ear) =>
    new Promise<HostPort>((resolve, reject) => {
      const clients = new Set<Socket>();
      const server = createServer((client) => {
        clients.add(client);
        client.setNoDelay(true);
        client.on("data", (bytes) => ear.data(bytes));
        client.on("error", () => client.destroy());
        client.on("close", () => clients.delete(client));
      });
      server.on("error", (error) => {
        const address = `tcp://${host}:${port}`;
        reject(
          new GatewayError(
            "source.unavailable",
            `no port can be opened at ${address}: ${error.message}`,
          ),
        );
      });
      server.listen(port, host, () =>
        resolve({
          async write(bytes) {
            for (const client of clients) {
              if (client.writableLength > mostWaitingBytes) client.destroy();
              else client.write(bytes);
            }
          },
          close: () =>
            new Promise((closed) => {
              server.close(() => closed());
              for (const client of clients) client.destroy();
            }),
        }),
      );
    });
}
