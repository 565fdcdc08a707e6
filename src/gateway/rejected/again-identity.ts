import { fnv1a32 } from "../../core/fnv1a.ts";
import type { LogPosition } from "../../core/ids.ts";
import type { MessageIdentity } from "../../core/record.ts";

/**
 * What makes the events of a rejected message known again, where its device says nothing to that end:
 * the place of its rejection, and of the event among those of the message.
 */
export function identityOf({ run, seq }: LogPosition, at: number): MessageIdentity {
  return { counter: seq, boot: fnv1a32(`rejected ${run}`), hash: fnv1a32(`event ${at}`) };
}
