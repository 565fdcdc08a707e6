/** Stands around the parser that the package gives each client, and decides who handles a packet. */
import { bug } from "../../core/errors.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import { readPublishes } from "./publish-frames.ts";
import { isOfSubscriber, type SubscriberPacket } from "./subscriber-desk.ts";

interface ParsedPacket {
  readonly cmd: string;
}

type Listener = (packet: ParsedPacket) => void;

interface Parser {
  listeners(event: "packet"): readonly Listener[];
  removeAllListeners(event: "packet"): unknown;
  on(event: "packet", listener: Listener): unknown;
  /** What the package calls with what it has read: whole packets, since the guard gives no others. */
  parse(bytes: Buffer): void;
}

function isParser(value: unknown): value is Parser {
  const names = ["listeners", "removeAllListeners", "on", "parse"];
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

/** Who handles what the package does not. */
export interface PacketDesks {
  /** What a subscriber sends. */
  subscriber(packet: SubscriberPacket): void;
  /** A message of QoS 0 or 1. The package needs three writes and a turn of the loop for a PUBACK. */
  publish(packet: InboundPacket): void;
  /** Packets of version 5, all of them; false when the client speaks another. */
  version5(bytes: Buffer, toPackage: (bytes: Buffer) => void): boolean;
}

/**
 * Gives packets to the desks, and the rest to the package. Takes effect for the rest of the client's
 * life; call before anything of it is read.
 */
export function switchPackets(client: object, desks: PacketDesks): void {
  const parser: unknown = Reflect.get(client, "_parser");
  if (!isParser(parser)) bug("the package's client has another form than expected");
  const [toPackage] = parser.listeners("packet");
  if (toPackage === undefined) bug("the package's client does not listen to its parser");
  parser.removeAllListeners("packet");
  parser.on("packet", (packet) => {
    if (isOfSubscriber(packet)) desks.subscriber(packet);
    else toPackage.call(parser, packet);
  });
  const parse = parser.parse.bind(parser);
  parser.parse = (bytes) => {
    if (!desks.version5(bytes, parse)) readPublishes(bytes, desks.publish, parse);
  };
}
