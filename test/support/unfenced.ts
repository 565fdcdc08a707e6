/**
 * Takes the fence away from publishes, to see what it is for: the headers that name the sequence
 * behind which a message is stored, and its id, go by names that no server knows.
 */
import { type NatsConnection, NatsConnectionImpl } from "@nats-io/transport-node";
import type { Backbone } from "../../src/stream/backbone.ts";
import { instead } from "./instead.ts";

const fence = /Nats(?=-Expected-Last-|-Msg-Id)/g;

/** The same connection; what is published below `subjects` (`ev.`) is stored wherever it comes. */
export function unfenced(connection: NatsConnection, subjects: string): NatsConnection {
  if (!(connection instanceof NatsConnectionImpl)) throw new Error("the client has another class");
  const { protocol } = connection;
  if (Object.hasOwn(protocol, "sendCommand")) return connection;
  const send = protocol.sendCommand.bind(protocol);
  protocol.sendCommand = (command, ...payloads) => {
    const isMeant = textOf(command).includes(`PUB ${subjects}`);
    const [first = command, ...rest] = isMeant ? [command, ...payloads].map(withoutFence) : [];
    if (isMeant) send(first, ...rest);
    else send(command, ...payloads);
  };
  return connection;
}

/** A backbone that hands out such connections. */
export function unfencedBackbone(backbone: Backbone, subjects: string): Backbone {
  return instead(backbone, {
    connected: async (signal) => unfenced(await backbone.connected(signal), subjects),
  });
}

const textOf = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString("latin1");

const withoutFence = (bytes: string | Uint8Array): Uint8Array =>
  Buffer.from(textOf(bytes).replaceAll(fence, "Test"), "latin1");
