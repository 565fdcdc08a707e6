/**
 * Stands behind the parser that the package gives each client, and decides who handles a packet.
 *
 * What is behind a DISCONNECT goes to nobody (MQTT 3.1.1 §3.14.4). What subscribers send goes to the
 * desk; before the client was let in it waits, as the package lets the rest wait.
 */
import { bug } from "../../core/errors.ts";
import { isOfSubscriber, type SubscriberPacket } from "./subscriber-desk.ts";

interface ParsedPacket {
  readonly cmd: string;
}

type Listener = (packet: ParsedPacket) => void;

interface Parser {
  listeners(event: "packet"): readonly Listener[];
  removeAllListeners(event: "packet"): unknown;
  on(event: "packet", listener: Listener): unknown;
}

function isParser(value: unknown): value is Parser {
  const names = ["listeners", "removeAllListeners", "on"];
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

export interface PacketSwitch {
  /** The client was let in: what waits goes to the desk. */
  open(): void;
}

/** Takes effect for the rest of the client's life; call before anything of it is read. */
export function switchPackets(
  client: object,
  toDesk: (packet: SubscriberPacket) => void,
): PacketSwitch {
  const parser: unknown = Reflect.get(client, "_parser");
  if (!isParser(parser)) bug("the package's client has another form than expected");
  const [toPackage] = parser.listeners("packet");
  if (toPackage === undefined) bug("the package's client does not listen to its parser");
  let left = false;
  let early: SubscriberPacket[] | undefined = [];
  parser.removeAllListeners("packet");
  parser.on("packet", (packet) => {
    if (left) return;
    left = packet.cmd === "disconnect";
    if (!isOfSubscriber(packet)) toPackage.call(parser, packet);
    else if (early === undefined) toDesk(packet);
    else early.push(packet);
  });
  return {
    open() {
      const waiting = early ?? [];
      early = undefined;
      for (const packet of waiting) toDesk(packet);
    },
  };
}
