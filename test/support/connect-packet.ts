import type { IConnectPacket, QoS } from "mqtt-packet";

export interface ConnectOptions {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly will?: { topic: string; payload: string; qos?: QoS; retain?: boolean };
  /** Seconds; 0 (the default) is never. */
  readonly keepalive?: number;
  /** Default: true. */
  readonly clean?: boolean;
}

/** A CONNECT of MQTT 3.1.1. */
export function connectPacket(options: ConnectOptions): IConnectPacket {
  const { clean = true, clientId, keepalive = 0, password, username, will } = options;
  return {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean,
    clientId,
    keepalive,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: Buffer.from(password) }),
    ...(will && {
      will: {
        topic: will.topic,
        payload: Buffer.from(will.payload),
        qos: will.qos ?? 0,
        retain: will.retain ?? false,
      },
    }),
  };
}
