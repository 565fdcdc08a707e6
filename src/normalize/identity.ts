/** How a message that a device sends again is recognized. */
import { crc32 } from "node:zlib";
import type { MessageIdentity } from "../core/record.ts";
import { isScalar, type Path, readPath } from "./path.ts";

/** Where a profile says the device numbers its messages. */
export interface IdentityMapping {
  readonly counter: Path;
  /** Something that changes when the device starts its counter anew. */
  readonly boot?: Path;
}

/** Undefined when the message has no usable number: it is then stored as often as it is sent. */
export function readIdentity(
  mapping: IdentityMapping,
  root: unknown,
  payload: Uint8Array,
): MessageIdentity | undefined {
  const counter = readPath(mapping.counter, root);
  if (typeof counter !== "number" || !Number.isSafeInteger(counter) || counter < 0)
    return undefined;
  const boot = mapping.boot === undefined ? undefined : readPath(mapping.boot, root);
  return {
    counter,
    boot: isScalar(boot) ? crc32(String(boot)) : 0,
    hash: crc32(payload),
  };
}
