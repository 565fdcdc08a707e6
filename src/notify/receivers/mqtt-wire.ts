/** MQTT 3.1.1 as bytes, as far as a publisher needs it. The one door of `mqtt-packet` in this room. */
import { generate, type Packet, parser } from "mqtt-packet";

export type { Packet };

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

/** In order: the broker forgets the client. */
export const disconnectFrame: Buffer = Buffer.from([0xe0, 0]);

/** Gives the function that takes bytes as they come; `broken` is called at most once. */
export function createReader(
  onPacket: (packet: Packet) => void,
  broken: (words: string) => void,
): (chunk: Buffer) => void {
  const packets = parser({ protocolVersion: 4 });
  let bytes = 0;
  let isBroken = false;
  const fail = (words: string): void => {
    if (!isBroken) broken(words);
    isBroken = true;
  };
  packets.on("packet", (packet) => {
    bytes = 0;
    if (!isBroken) onPacket(packet);
  });
  packets.on("error", () => fail("the broker sent bytes that are no MQTT"));
  return (chunk) => {
    bytes += chunk.length;
    try {
      if (!isBroken) packets.parse(chunk);
    } catch {
      fail("the broker sent bytes that are no MQTT");
    }
    // All that a publisher is sent has four bytes.
    if (bytes > 65_536) fail("the broker sends a packet without end");
  };
}
