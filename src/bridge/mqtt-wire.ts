/** MQTT 5 as bytes, as far as a publisher needs it. The one door of `mqtt-packet` in this room. */
import { generate, type IConnackPacket, type UserProperties } from "mqtt-packet";

export type { IConnackPacket as Connack };

export interface Introduction {
  /** Empty: the broker gives one. */
  readonly clientId: string;
  readonly keepAliveSeconds: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** A CONNECT of a client that has no session. */
export function encodeConnect(facts: Introduction): Buffer {
  const { clientId, keepAliveSeconds, password, user } = facts;
  return generate({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 5,
    clean: true,
    clientId,
    keepalive: keepAliveSeconds,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password: Buffer.from(password) }),
  });
}

/** A message to be published. */
export interface Publication {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 1 | 2;
  readonly contentType: string;
  readonly user: readonly (readonly [name: string, value: string])[];
}

/** Undefined where MQTT has no form for it: a text above 65,535 bytes. */
export function encodePublish(message: Publication, messageId: number): Buffer | undefined {
  const { contentType, payload, qos, topic, user } = message;
  const userProperties: UserProperties = Object.fromEntries(user);
  const properties = { payloadFormatIndicator: true, contentType, userProperties };
  const head = { cmd: "publish", topic, payload, qos, messageId } as const;
  try {
    return generate({ ...head, retain: false, dup: false, properties }, { protocolVersion: 5 });
  } catch {
    return undefined;
  }
}

/** The second step of QoS 2. */
export function encodePubrel(messageId: number): Buffer {
  return generate({ cmd: "pubrel", messageId, reasonCode: 0 }, { protocolVersion: 5 });
}

export const pingFrame: Buffer = Buffer.from([0xc0, 0]);
