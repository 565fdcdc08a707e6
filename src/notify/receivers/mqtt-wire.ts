/** MQTT 3.1.1 as bytes, as far as a publisher needs it. The one door of `mqtt-packet` in this room. */
import { generate } from "mqtt-packet";

export interface Introduction {
  /** Empty: the broker gives one. */
  readonly clientId: string;
  readonly keepAliveSeconds: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** A CONNECT of a client that has no session. */
export function encodeConnect({
  clientId,
  keepAliveSeconds,
  password,
  user,
}: Introduction): Buffer {
  return generate({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: keepAliveSeconds,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password: Buffer.from(password) }),
  });
}

/** A retained PUBLISH with QoS 1. */
export function encodeRetained(topic: string, payload: string, packetId: number): Buffer {
  return generate({
    cmd: "publish",
    topic,
    payload,
    qos: 1,
    retain: true,
    dup: false,
    messageId: packetId,
  });
}
