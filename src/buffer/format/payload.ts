/**
 * What a record carries: whose it is, how the device and its client told it apart, and the event as
 * it travels.
 *
 * ```
 * 0 u16 bytes of the token   4 token, ASCII   [ identity 16 ]   [ delivery 24 ]   CloudEvent, JSON
 * 2 u16 flags, bit 0: identity present, bit 1: delivery present, and with it bit 2: of QoS 1, bit 3: with DUP
 *
 * identity: f64 counter, u32 boot, u32 hash
 * delivery: 16 bytes session, u32 hash, u16 packet id, u16 part, as `delivery-part.ts` has it
 * ```
 */

import { decodePart, encodePart } from "../../core/delivery-part.ts";
import type { Delivery, MessageIdentity } from "../../core/record.ts";
import { frameHeaderBytes, payloadBytesAt } from "./frame.ts";

/** Bytes in front of the token. */
export const payloadPrefixBytes = 4;
/** Bytes of an identity, where there is one. */
export const identityBytes = 16;
/** Bytes of a delivery, where there is one. */
export const deliveryBytes = 24;
const sessionBytes = 16;
const identityPresent = 1;
const deliveryPresent = 2;
const isQos1 = 4;
const isAgain = 8;

/** The session that was written or read last: records of one come in a row. */
let lastSessionBytes = Buffer.alloc(sessionBytes);
let lastSession = lastSessionBytes.toString("hex");

/** Writes everything in front of the event; `view` is of the same bytes. Returns where it begins. */
export function writePayloadHead(
  buffer: Buffer,
  view: DataView,
  at: number,
  token: string,
  identity: MessageIdentity | undefined,
  delivery: Delivery | undefined,
): number {
  view.setUint16(at, token.length, true);
  const flags = (identity ? identityPresent : 0) | (delivery ? flagsOf(delivery) : 0);
  view.setUint16(at + 2, flags, true);
  let end = at + payloadPrefixBytes;
  for (let place = 0; place < token.length; place += 1)
    view.setUint8(end + place, token.charCodeAt(place));
  end += token.length;
  if (identity) end = writeIdentity(view, end, identity);
  return delivery ? writeDelivery(buffer, view, end, delivery) : end;
}

function flagsOf({ untilPuback }: Delivery): number {
  if (untilPuback === undefined) return deliveryPresent;
  return deliveryPresent | isQos1 | (untilPuback === "again" ? isAgain : 0);
}

/** Returns the end. */
function writeIdentity(view: DataView, at: number, identity: MessageIdentity): number {
  view.setFloat64(at, identity.counter, true);
  view.setUint32(at + 8, identity.boot, true);
  view.setUint32(at + 12, identity.hash, true);
  return at + identityBytes;
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

/** The delivery in the payload at `at`; undefined when the record has none. */
export function deliveryAt(buffer: Buffer, at: number): Delivery | undefined {
  if (!hasDelivery(buffer, at)) return undefined;
  const place = bodyStart(buffer, at) - deliveryBytes;
  const part = decodePart(buffer.readUInt16LE(place + sessionBytes + 6));
  const flags = buffer.readUInt16LE(at + 2);
  const session = sessionAt(buffer, place);
  const hash = buffer.readUInt32LE(place + sessionBytes);
  const packetId = buffer.readUInt16LE(place + sessionBytes + 4);
  const known = { session, hash, packetId };
  if ((flags & isQos1) === 0) return part ? { ...known, part } : known;
  const untilPuback = flags & isAgain ? "again" : "first";
  return part ? { ...known, part, untilPuback } : { session, hash, packetId, untilPuback };
}

function sessionAt(buffer: Buffer, at: number): string {
  for (let place = 0; place < sessionBytes; place += 1) {
    if (buffer[at + place] === lastSessionBytes[place]) continue;
    lastSessionBytes = Buffer.from(buffer.subarray(at, at + sessionBytes));
    lastSession = lastSessionBytes.toString("hex");
    break;
  }
  return lastSession;
}

/** The event of the record whose frame is at `frameAt`: a view. */
export function bodyAt(buffer: Buffer, frameAt: number): Buffer {
  const at = frameAt + frameHeaderBytes;
  return buffer.subarray(bodyStart(buffer, at), at + payloadBytesAt(buffer, frameAt));
}

/** Where the event begins. */
export function bodyStart(buffer: Buffer, at: number): number {
  const head = at + payloadPrefixBytes + tokenBytes(buffer, at);
  return (
    head +
    (hasIdentity(buffer, at) ? identityBytes : 0) +
    (hasDelivery(buffer, at) ? deliveryBytes : 0)
  );
}

function writeDelivery(buffer: Buffer, view: DataView, at: number, delivery: Delivery): number {
  const { hash, packetId, part, session } = delivery;
  if (session !== lastSession) {
    lastSessionBytes = Buffer.from(session, "hex");
    lastSession = session;
  }
  buffer.set(lastSessionBytes, at);
  view.setUint32(at + sessionBytes, hash, true);
  view.setUint16(at + sessionBytes + 4, packetId, true);
  view.setUint16(at + sessionBytes + 6, encodePart(part), true);
  return at + deliveryBytes;
}

function tokenBytes(buffer: Buffer, at: number): number {
  return buffer.readUInt16LE(at);
}

function hasDelivery(buffer: Buffer, at: number): boolean {
  return (buffer.readUInt16LE(at + 2) & deliveryPresent) !== 0;
}

function hasIdentity(buffer: Buffer, at: number): boolean {
  return (buffer.readUInt16LE(at + 2) & identityPresent) !== 0;
}
