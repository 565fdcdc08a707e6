/** Addresses of brokers as people write them: `mqtt://broker.local`, `mqtts://10.0.0.7:8883`. */

/** What is spoken below MQTT, with its usual port. */
const schemes = { mqtt: 1883, mqtts: 8883 } as const;
type Scheme = keyof typeof schemes;

export interface BrokerUrl {
  readonly scheme: Scheme;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
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
      problem: "is no address of a broker; write mqtt://host:1883, or mqtts://host:8883 for TLS",
    };
  if (parsed.username !== "" || parsed.password !== "")
    return {
      problem:
        "has a user in it; write user: NAME and password: { env: NAME } or { file: PATH } beside it",
    };
  if (!/^\/?$/.test(parsed.pathname) || parsed.search !== "" || parsed.hash !== "")
    return { problem: "ends behind its port; topics stand in `topics`" };
  const port = parsed.port === "" ? schemes[scheme] : Number(parsed.port);
  if (port === 0) return { problem: "needs a port from 1 to 65535" };
  const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1");
  return { scheme, host, port, text: `${scheme}://${parsed.hostname}:${port}` };
}
