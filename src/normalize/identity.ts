/** How a message that a device sends again is recognized. */
import { crc32 } from "node:zlib";
import type { MessageIdentity } from "../core/record.ts";
import { isScalar, type Path, readPath } from "./paths/path.ts";

/** Where a profile says the device numbers its messages. */
export interface IdentityMapping {
  readonly counter: Path;
  /** Something that changes when the device starts its counter anew. */
  readonly boot?: Path;
}

/**
 * Undefined when the message has no usable number: it is then stored as often as it is sent. `hash`
 * is that of the payload or, for one of several members of the message `whole`, of its part.
 */
export function readIdentity(
  mapping: IdentityMapping,
  hash: number,
  root: unknown,
  whole: unknown = root,
): MessageIdentity | undefined {
  const counter = readPath(mapping.counter, root, whole);
  if (typeof counter !== "number" || !Number.isSafeInteger(counter) || counter < 0)
    return undefined;
  const boot = mapping.boot === undefined ? undefined : readPath(mapping.boot, root, whole);
  return {
    counter,
    boot: isScalar(boot) ? crc32(String(boot)) : 0,
    hash,
  };
}

/** CRC-32 of the payload, unsigned. */
export function hashOf(payload: Uint8Array): number {
  return crc32(payload);
}

/** Odd, so that no two parts of one message have the same hash. */
const partStep = 0x9e37_79b1;

/**
 * The hash of a member of a message, by its place. Members may all have the number of their message;
 * each is known by itself, so that after a resend those are stored that were not.
 */
export function hashOfPart(payloadHash: number, part: number): number {
  return (payloadHash ^ Math.imul(part, partStep)) >>> 0;
}
