/**
 * What a record carries: whose it is, how the device told it apart, and the event as it travels.
 *
 * ```
 * 0 u16 bytes of the token   4 token, ASCII   [ f64 counter, u32 boot, u32 hash ]   CloudEvent, JSON
 * 2 u16 flags, bit 0: identity present
 * ```
 */
import type { MessageIdentity } from "../core/record.ts";

/** Bytes in front of the token. */
export const payloadPrefixBytes = 4;
/** Bytes of an identity, where there is one. */
export const identityBytes = 16;
const identityPresent = 1;

/** Writes everything in front of the event; returns where the event begins. */
export function writePayloadHead(
  buffer: Buffer,
  at: number,
  token: string,
  identity: MessageIdentity | undefined,
): number {
  buffer.writeUInt16LE(token.length, at);
  buffer.writeUInt16LE(identity ? identityPresent : 0, at + 2);
  const end = at + payloadPrefixBytes + buffer.write(token, at + payloadPrefixBytes, "latin1");
  return identity ? writeIdentity(buffer, end, identity) : end;
}

/** Writes the 16 bytes of an identity; returns the end. */
export function writeIdentity(buffer: Buffer, at: number, identity: MessageIdentity): number {
  buffer.writeDoubleLE(identity.counter, at);
  buffer.writeUInt32LE(identity.boot, at + 8);
  return buffer.writeUInt32LE(identity.hash, at + 12);
}

/** Reads the 16 bytes of an identity. */
export function readIdentity(buffer: Buffer, at: number): MessageIdentity {
  return {
    counter: buffer.readDoubleLE(at),
    boot: buffer.readUInt32LE(at + 8),
    hash: buffer.readUInt32LE(at + 12),
  };
}

export function tokenAt(buffer: Buffer, at: number): string {
  return buffer.toString(
    "latin1",
    at + payloadPrefixBytes,
    at + payloadPrefixBytes + tokenBytes(buffer, at),
  );
}

/** The identity in the payload at `at`; undefined when the record has none. */
export function identityAt(buffer: Buffer, at: number): MessageIdentity | undefined {
  if (!hasIdentity(buffer, at)) return undefined;
  return readIdentity(buffer, at + payloadPrefixBytes + tokenBytes(buffer, at));
}

/** Where the event begins. */
export function bodyStart(buffer: Buffer, at: number): number {
  const head = at + payloadPrefixBytes + tokenBytes(buffer, at);
  return hasIdentity(buffer, at) ? head + identityBytes : head;
}

function tokenBytes(buffer: Buffer, at: number): number {
  return buffer.readUInt16LE(at);
}

function hasIdentity(buffer: Buffer, at: number): boolean {
  return (buffer.readUInt16LE(at + 2) & identityPresent) !== 0;
}
