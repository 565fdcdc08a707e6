import { bug } from "../core/errors.ts";
import type { ReceiverOptions } from "./options.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverSurroundings } from "./receiver-kind.ts";
import { receiverKinds } from "./receivers.ts";

/** Makes a receiver; reads its secrets. Rejects with `config.secret-missing`. */
export function openReceiver(
  options: ReceiverOptions,
  surroundings: ReceiverSurroundings,
): Promise<Receiver> {
  for (const kind of receiverKinds) {
    const receiver = kind.open(options, surroundings);
    if (receiver) return receiver;
  }
  return bug(`no kind of receiver is named ${options.kind}`);
}
