/** Who handles which packets of a client, in either version of MQTT. */
import type { Connection } from "./connection.ts";
import type { Ingest } from "./ingest.ts";
import { switchPackets } from "./packet-switch.ts";
import type { Subscribers } from "./subscribers.ts";
import { Version5Desk } from "./version5-desk.ts";

export interface PacketDeskDeps {
  readonly ingest: Ingest;
  readonly subscribers: Subscribers;
  readonly isStopping: () => boolean;
}

export class PacketDesk {
  readonly #deps: PacketDeskDeps;
  readonly #version5: Version5Desk;

  constructor(deps: PacketDeskDeps) {
    this.#deps = deps;
    this.#version5 = new Version5Desk(deps);
  }

  /** Takes what the package does not handle; `client` is what it has for the connection. */
  serve(client: object, connection: Connection): void {
    const { ingest, isStopping, subscribers } = this.#deps;
    switchPackets(client, {
      subscriber: (packet) => subscribers.handle(connection, packet),
      publish: (packet) => {
        if (!isStopping()) ingest.publish(connection, packet);
      },
      version5: (bytes, toPackage) => this.#version5.read(connection, bytes, toPackage),
    });
  }
}
