/** What the broker tells a client of version 5: MQTT 5 §3.2, §3.4 to §3.7, §3.9, §3.11 and §3.14. */
import { lengthBytes, writeLength } from "../frame-length.ts";
import { property } from "./properties.ts";
import type { ReasonCode } from "./reason-codes.ts";

/** Packets that answer a message; the number is the type. */
export const answerTo = { puback: 4, pubrec: 5, pubrel: 6, pubcomp: 7 } as const;

/** What a CONNACK says beside its code. */
export interface Connack {
  readonly sessionPresent: boolean;
  readonly code: ReasonCode;
  readonly text: string | undefined;
  /** Of a client that is let in. */
  readonly terms?: {
    readonly sessionSeconds: number;
    readonly receiveMaximum: number;
    readonly maxPacketBytes: number;
    readonly topicAliasMaximum: number;
    readonly assignedClient: string | undefined;
  };
}

/** The interval that means "never". */
const never = 0xffff_ffff;

export function connack({ sessionPresent, code, text, terms }: Connack): Buffer {
  const properties = [reasonString(text)];
  if (terms !== undefined) {
    const { assignedClient, maxPacketBytes, receiveMaximum, sessionSeconds } = terms;
    properties.push(
      four(property.sessionExpiry, Math.min(sessionSeconds, never)),
      two(property.receiveMaximum, receiveMaximum),
      four(property.maximumPacketSize, maxPacketBytes),
      two(property.topicAliasMaximum, terms.topicAliasMaximum),
      Buffer.of(property.sharedSubscriptionAvailable, 0),
    );
    if (assignedClient !== undefined)
      properties.push(textProperty(property.assignedClientIdentifier, assignedClient));
  }
  return packet(0x20, Buffer.of(sessionPresent ? 1 : 0, code), block(properties));
}

/** A PUBACK and its kin; with success and no text it is the packet of MQTT 3.1.1. */
export function answer(
  type: (typeof answerTo)[keyof typeof answerTo],
  packetId: number,
  code: ReasonCode,
  text?: string,
): Buffer {
  const first = (type << 4) | (type === answerTo.pubrel ? 2 : 0);
  const head = Buffer.of(packetId >> 8, packetId & 0xff, code);
  return text === undefined
    ? packet(first, code === 0 ? head.subarray(0, 2) : head)
    : packet(first, head, block([reasonString(text)]));
}

/** `codes` are granted QoS or why not, one for each filter in their order. */
export function suback5(packetId: number, codes: readonly number[]): Buffer {
  return packet(0x90, Buffer.of(packetId >> 8, packetId & 0xff, 0), Buffer.from(codes));
}

export function unsuback5(packetId: number, codes: readonly number[]): Buffer {
  return packet(0xb0, Buffer.of(packetId >> 8, packetId & 0xff, 0), Buffer.from(codes));
}

export function disconnect(code: ReasonCode, text: string | undefined): Buffer {
  return packet(0xe0, Buffer.of(code), block([reasonString(text)]));
}

function packet(first: number, ...parts: readonly Buffer[]): Buffer {
  let remaining = 0;
  for (const part of parts) remaining += part.length;
  const bytes = Buffer.allocUnsafe(1 + lengthBytes(remaining) + remaining);
  bytes[0] = first;
  let at = writeLength(bytes, remaining);
  for (const part of parts) at += part.copy(bytes, at);
  return bytes;
}

/** Properties with their length in front. */
function block(properties: readonly Buffer[]): Buffer {
  const body = Buffer.concat(properties);
  const bytes = Buffer.allocUnsafe(lengthBytes(body.length) + body.length);
  body.copy(bytes, writeLength(bytes, body.length, 0));
  return bytes;
}

function reasonString(text: string | undefined): Buffer {
  return text === undefined ? Buffer.alloc(0) : textProperty(property.reasonString, text);
}

function textProperty(id: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(id, bytes.length >> 8, bytes.length & 0xff), bytes]);
}

function two(id: number, value: number): Buffer {
  return Buffer.of(id, value >> 8, value & 0xff);
}

function four(id: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes[0] = id;
  bytes.writeUInt32BE(value, 1);
  return bytes;
}
