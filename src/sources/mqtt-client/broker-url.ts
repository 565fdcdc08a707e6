/**
 * Addresses of brokers as people write them: `mqtt://broker.local`, `mqtts://10.0.0.7:8883`, and over
 * WebSocket `ws://broker.local:8083/mqtt`, `wss://broker.example/mqtt`.
 */

/** What is spoken below MQTT, with its usual port. */
const schemes = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 } as const;
type Scheme = keyof typeof schemes;

export interface BrokerUrl {
  readonly scheme: Scheme;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Of a WebSocket, `/mqtt` unless it is written; empty without one. */
  readonly path: string;
  /** The whole as it is told to people, always with its port. */
  readonly text: string;
}

/** Takes an address apart, or says what is wrong with it; the words quote nothing of it. */
export function parseBrokerUrl(text: string): BrokerUrl | { readonly problem: string } {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = Object.keys(schemes).find(
    (name): name is Scheme => `${name}:` === parsed?.protocol,
  );
  if (parsed === undefined || scheme === undefined || parsed.hostname === "")
    return {
      problem:
        "is no address of a broker; write mqtt://host:1883, mqtts://host:8883 for TLS, or wss://host/mqtt",
    };
  if (parsed.username !== "" || parsed.password !== "")
    return {
      problem:
        "has a user in it; write user: NAME and password: { env: NAME } or { file: PATH } beside it",
    };
  const isWebSocket = scheme === "ws" || scheme === "wss";
  const hasPath = !/^\/?$/.test(parsed.pathname);
  if ((hasPath && !isWebSocket) || parsed.search !== "" || parsed.hash !== "")
    return { problem: "ends behind its port; topics stand in `topics`" };
  const path = isWebSocket ? (hasPath ? parsed.pathname : "/mqtt") : "";
  const port = parsed.port === "" ? schemes[scheme] : Number(parsed.port);
  if (port === 0) return { problem: "needs a port from 1 to 65535" };
  const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1");
  return { scheme, host, port, path, text: `${scheme}://${parsed.hostname}:${port}${path}` };
}
