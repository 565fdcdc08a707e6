/** MQTT 3.1.1 and 5 as bytes. The one door of `mqtt-packet` in this room. */
import {
  generate,
  type IConnackPacket,
  type IDisconnectPacket,
  type IPubackPacket,
  type IPublishPacket,
  type ISubackPacket,
  parser,
} from "mqtt-packet";
import { FrameMeter } from "./frame-meter.ts";

/** As it stands in the CONNECT. */
export type ProtocolLevel = 4 | 5;

export type Connack = IConnackPacket;
export type Publish = IPublishPacket;
export type Suback = ISubackPacket;
export type Puback = IPubackPacket;
export type Disconnect = IDisconnectPacket;

/** What a client introduces itself with. */
export interface Introduction {
  readonly level: ProtocolLevel;
  readonly clientId: string;
  readonly keepAliveSeconds: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly sessionExpirySeconds: number;
  readonly receiveMaximum: number;
  readonly maxPacketBytes: number;
}

/** A CONNECT that goes on with the session of the client, if the broker has it. */
export function encodeConnect(facts: Introduction): Buffer {
  const { clientId, keepAliveSeconds, level, password, user } = facts;
  return generate({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: level,
    clean: false,
    clientId,
    keepalive: keepAliveSeconds,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password: Buffer.from(password) }),
    ...(level === 5 && {
      properties: {
        sessionExpiryInterval: facts.sessionExpirySeconds,
        receiveMaximum: facts.receiveMaximum,
        maximumPacketSize: facts.maxPacketBytes,
      },
    }),
  });
}

export interface WantedTopic {
  readonly filter: string;
  readonly qos: 0 | 1;
}

/**
 * In version 5 what the broker has kept is sent for a filter that is new to the session only, and
 * RETAIN tells what was kept from what is published now; version 3.1.1 does the latter always.
 */
export function encodeSubscribe(
  level: ProtocolLevel,
  packetId: number,
  topics: readonly WantedTopic[],
): Buffer {
  const subscriptions = topics.map(({ filter, qos }) => ({
    topic: filter,
    qos,
    ...(level === 5 && { nl: false, rap: false, rh: 1 }),
  }));
  return generate(
    { cmd: "subscribe", messageId: packetId, subscriptions },
    { protocolVersion: level },
  );
}

export function encodeUnsubscribe(
  level: ProtocolLevel,
  packetId: number,
  filters: readonly string[],
): Buffer {
  return generate(
    { cmd: "unsubscribe", messageId: packetId, unsubscriptions: [...filters] },
    { protocolVersion: level },
  );
}

export interface OutgoingPublish {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** Version 5 can say so to the broker. */
  readonly validMs?: number;
}

export function encodePublish(
  level: ProtocolLevel,
  packetId: number,
  { payload, qos, retain, topic, validMs }: OutgoingPublish,
): Buffer {
  const seconds = validMs === undefined ? undefined : Math.max(0, Math.floor(validMs / 1_000));
  return generate(
    {
      cmd: "publish",
      topic,
      payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
      qos,
      retain,
      dup: false,
      ...(qos > 0 && { messageId: packetId }),
      ...(level === 5 &&
        seconds !== undefined && { properties: { messageExpiryInterval: seconds } }),
    },
    { protocolVersion: level },
  );
}

/** PUBACKs in one piece; the short form means success in both versions. */
export function encodePubacks(packetIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(packetIds.length * 4);
  let at = 0;
  for (const packetId of packetIds) {
    bytes.writeUInt16BE(0x4002, at);
    bytes.writeUInt16BE(packetId, at + 2);
    at += 4;
  }
  return bytes;
}

export const pingFrame: Buffer = generate({ cmd: "pingreq" });
/** In its short form, which means the same in both versions: the will is not wanted, the session stays. */
export const disconnectFrame: Buffer = Buffer.from([0xe0, 0]);

/** What a broker says to a client that subscribes. */
export interface BrokerWords {
  connack(packet: Connack): void;
  publish(packet: Publish): void;
  puback(packet: Puback): void;
  suback(packet: Suback): void;
  unsuback(): void;
  pingresp(): void;
  disconnect(packet: Disconnect): void;
  /** It cannot be gone on with; `words` say why. Nothing is said after it. */
  broken(words: string): void;
}

/** Gives the function that takes bytes as they come. */
export function createReader(
  level: ProtocolLevel,
  maxPacketBytes: number,
  broker: BrokerWords,
): (chunk: Buffer) => void {
  const meter = new FrameMeter(maxPacketBytes);
  const packets = parser({ protocolVersion: level });
  let isBroken = false;
  const broken = (words: string): void => {
    if (!isBroken) broker.broken(words);
    isBroken = true;
  };
  packets.on("error", (error: unknown) =>
    broken(`it sent bytes that are no MQTT: ${wordsOf(error)}`),
  );
  packets.on("packet", (packet) => {
    if (isBroken) return;
    switch (packet.cmd) {
      case "connack":
        return broker.connack(packet);
      case "publish":
        return broker.publish(packet);
      case "puback":
        return broker.puback(packet);
      case "suback":
        return broker.suback(packet);
      case "unsuback":
        return broker.unsuback();
      case "pingresp":
        return broker.pingresp();
      case "disconnect":
        return broker.disconnect(packet);
      default:
        return broken(`it sent ${packet.cmd.toUpperCase()}, which nobody asked for`);
    }
  });
  return (chunk) => {
    const bytes = meter.take(chunk);
    if (bytes !== undefined) {
      return broken(`a packet of ${bytes} bytes is over limits.max_packet (${maxPacketBytes})`);
    }
    try {
      if (!isBroken) packets.parse(chunk);
    } catch (thrown) {
      broken(`it sent bytes that are no MQTT: ${wordsOf(thrown)}`);
    }
  };
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
