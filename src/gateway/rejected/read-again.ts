/** A rejected message, read again with profiles as they are now. */
import type { RawMessage } from "../../core/message.ts";
import type { Normalized, NormalizedEvent } from "../../normalize/normalized.ts";
import { namedDevice, type RejectedMessage, rawMessageOf, unusable } from "./rejected-message.ts";

export type Normalize = (message: RawMessage, clockSynced: boolean) => Normalized;

/** What becomes of it; changes nothing. `sample` is for people. */
export function readNow(normalize: Normalize, message: RejectedMessage) {
  const why = unusable(message);
  if (why !== undefined) return { kind: "unusable", sample: why } as const;
  const found = normalizeAgain(normalize, message);
  if (found.passedOver !== undefined)
    return { kind: "passedOver", sample: found.passedOver } as const;
  const all = [found, ...(found.more ?? [])];
  const rejection = all.find(({ event }) => event.kind === "rejection");
  if (rejection) return { kind: "rejected", sample: reasonOf(rejection.event) } as const;
  return { kind: "read", events: all, sample: all.map(({ event }) => sampleOf(event)) } as const;
}

/**
 * Credentials may have named the device, and then it is that one whatever its topic says; where the
 * topic says the same, nothing is lost by asking it.
 */
function normalizeAgain(normalize: Normalize, message: RejectedMessage): Normalized {
  const isSynced = message.clock !== "unsynced";
  const found = normalize(rawMessageOf(message, undefined), isSynced);
  const named = namedDevice(message);
  if (named === undefined) return found;
  const isOwn =
    found.passedOver === undefined &&
    [found, ...(found.more ?? [])].every(({ event }) => event.device === named);
  return isOwn ? found : normalize(rawMessageOf(message, named), isSynced);
}

function reasonOf(event: NormalizedEvent["event"]): string {
  return event.kind === "rejection" ? event.data.reason : "";
}

function sampleOf({ data, device, kind, timeMs }: NormalizedEvent["event"]): object {
  return { device, kind, timeMs, data };
}
