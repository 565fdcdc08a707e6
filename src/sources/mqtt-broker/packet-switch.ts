/** Stands behind the parser that the package gives each client, and decides who handles a packet. */
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

/**
 * What a subscriber sends goes to the desk, the rest to the package. Takes effect for the rest of the
 * client's life; call before anything of it is read.
 */
export function switchPackets(client: object, toDesk: (packet: SubscriberPacket) => void): void {
  const parser: unknown = Reflect.get(client, "_parser");
  if (!isParser(parser)) bug("the package's client has another form than expected");
  const [toPackage] = parser.listeners("packet");
  if (toPackage === undefined) bug("the package's client does not listen to its parser");
  parser.removeAllListeners("packet");
  parser.on("packet", (packet) => {
    if (isOfSubscriber(packet)) toDesk(packet);
    else toPackage.call(parser, packet);
  });
}
