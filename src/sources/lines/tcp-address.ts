/** Addresses of serial servers as people write them: `tcp://10.0.0.7:3001`, `tcp://[fe80::1]:23`. */
export interface TcpAddress {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** Takes the address apart; undefined when it is none. */
export function parseTcpAddress(text: string): TcpAddress | undefined {
  const match = /^tcp:\/\/(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/?#@[\]]+)):(\d{1,5})\/?$/.exec(text);
  if (!match) return undefined;
  const host = match[1] ?? match[2] ?? "";
  const port = Number(match[3]);
  return port === 0 || port > 65_535 ? undefined : { host, port };
}

/** One text for all ways to write an address: for some devices a second connection is one too many. */
export function tcpPlace({ host, port }: TcpAddress): string {
  return `${host.toLowerCase()}:${port}`;
}
