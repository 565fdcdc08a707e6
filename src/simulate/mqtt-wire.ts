/** MQTT 3.1.1 as bytes. The one door of `mqtt-packet` in this room. */
import { generate, parser } from "mqtt-packet";
import { GatewayError } from "../core/errors.ts";

/** Where a broker listens and as whom to come. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

/** Reads `mqtt://[user:password@]host[:port]`; anything else is a `usage` failure. */
export function parseBrokerUrl(text: string): BrokerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "mqtt:" || url.hostname === "") {
    throw new GatewayError("usage", `"${text}" is no broker; write mqtt://host:1883`);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 1883 : Number(url.port),
    ...(url.username !== "" && { username: decodeURIComponent(url.username) }),
    ...(url.password !== "" && { password: decodeURIComponent(url.password) }),
  };
}

export interface Will {
  readonly topic: string;
  readonly payload: string;
}

export interface ConnectFacts {
  readonly clientId: string;
  readonly broker: BrokerAddress;
  /** 0 asks the broker for no check at all. */
  readonly keepAliveSeconds: number;
  /** Retained, QoS 1. */
  readonly will?: Will;
}

/** A CONNECT with a clean session: what must be sent again is the client's own knowledge. */
export function encodeConnect({ clientId, broker, keepAliveSeconds, will }: ConnectFacts): Buffer {
  return generate({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: keepAliveSeconds,
    ...(broker.username !== undefined && { username: broker.username }),
    ...(broker.password !== undefined && { password: Buffer.from(broker.password) }),
    ...(will && { will: { ...will, qos: 1, retain: true } }),
  });
}

/** A PUBLISH with QoS 1. */
export function encodePublish(
  topic: string,
  payload: string,
  packetId: number,
  retain: boolean,
): Buffer {
  return generate({
    cmd: "publish",
    topic,
    payload,
    qos: 1,
    retain,
    dup: false,
    messageId: packetId,
  });
}

export const pingFrame: Buffer = generate({ cmd: "pingreq" });
export const disconnectFrame: Buffer = generate({ cmd: "disconnect" });

/** What a broker answers to a client that only publishes. */
export type Answer =
  | { readonly kind: "connack"; readonly returnCode: number }
  | { readonly kind: "puback"; readonly packetId: number }
  | { readonly kind: "pingresp" };

/**
 * Gives the function that takes bytes as they come from a broker and calls back for each whole
 * answer. `onProtocolError` is called for bytes that are no MQTT, or answers nobody asked for.
 */
export function createAnswerReader(
  onAnswer: (answer: Answer) => void,
  onProtocolError: (what: string) => void,
): (chunk: Buffer) => void {
  const frames = parser({ protocolVersion: 4 });
  frames.on("packet", (packet) => {
    if (packet.cmd === "connack") {
      onAnswer({ kind: "connack", returnCode: packet.returnCode ?? 0 });
    } else if (packet.cmd === "puback" && packet.messageId !== undefined) {
      onAnswer({ kind: "puback", packetId: packet.messageId });
    } else if (packet.cmd === "pingresp") {
      onAnswer({ kind: "pingresp" });
    } else {
      onProtocolError(`unexpected ${packet.cmd}`);
    }
  });
  frames.on("error", (error: unknown) => onProtocolError(String(error)));
  return (chunk) => void frames.parse(chunk);
}
