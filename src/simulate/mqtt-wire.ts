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
  readonly payload: string | Buffer;
  /** Default: true. */
  readonly retain?: boolean;
}

export interface ConnectFacts {
  readonly clientId: string;
  readonly broker: BrokerAddress;
  /** 0 asks the broker for no check at all. */
  readonly keepAliveSeconds: number;
  /** QoS 1. */
  readonly will?: Will;
  /** The broker is to keep what comes for it. Default: a clean session. */
  readonly keepsSession?: boolean;
}

/** A CONNECT; what must be sent again is the client's own knowledge. */
export function encodeConnect({
  clientId,
  broker,
  keepAliveSeconds,
  keepsSession = false,
  will,
}: ConnectFacts): Buffer {
  return generate({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: !keepsSession,
    clientId,
    keepalive: keepAliveSeconds,
    ...(broker.username !== undefined && { username: broker.username }),
    ...(broker.password !== undefined && { password: Buffer.from(broker.password) }),
    ...(will && { will: { retain: true, ...will, qos: 1 } }),
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

/** A PUBLISH with QoS 0. */
export function encodeUnanswered(topic: string, payload: Buffer): Buffer {
  return generate({ cmd: "publish", topic, payload, qos: 0, retain: false, dup: false });
}

/** A SUBSCRIBE of one filter. */
export function encodeSubscribe(filter: string, qos: 0 | 1, packetId: number): Buffer {
  return generate({
    cmd: "subscribe",
    messageId: packetId,
    subscriptions: [{ topic: filter, qos }],
  });
}

export function encodePuback(packetId: number): Buffer {
  return generate({ cmd: "puback", messageId: packetId });
}

export const pingFrame: Buffer = generate({ cmd: "pingreq" });
export const disconnectFrame: Buffer = generate({ cmd: "disconnect" });

/** A message that a broker hands on, at QoS 0 or 1. */
export interface HandedOn {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  /** 0 at QoS 0: it is not acknowledged. */
  readonly packetId: number;
}

/** What a broker says to a client. */
export type Answer =
  | { readonly kind: "connack"; readonly returnCode: number }
  | { readonly kind: "puback"; readonly packetId: number }
  | { readonly kind: "suback" }
  | { readonly kind: "message"; readonly message: HandedOn }
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
    } else if (packet.cmd === "publish") {
      const { messageId = 0, payload, retain, topic } = packet;
      const message = { topic, payload: payload.toString(), retain, packetId: messageId };
      onAnswer({ kind: "message", message });
    } else if (packet.cmd === "suback") {
      onAnswer({ kind: "suback" });
    } else if (packet.cmd === "pingresp") {
      onAnswer({ kind: "pingresp" });
    } else {
      onProtocolError(`unexpected ${packet.cmd}`);
    }
  });
  frames.on("error", (error: unknown) => onProtocolError(String(error)));
  return (chunk) => void frames.parse(chunk);
}
