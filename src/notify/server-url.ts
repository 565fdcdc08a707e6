/** Addresses of servers that are not of the web, without a user in them. */

export interface ServerUrl {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
}

/** What an address may begin with, and the usual port of each; the last one is that of TLS. */
export type Schemes = readonly [plain: [string, number], secure: [string, number]];

/** Takes `scheme://host:port` apart; words say what is wrong with it, and quote nothing of it. */
export function parseServerUrl(text: string, schemes: Schemes): ServerUrl | string {
  const [[plainName, plainPort], [secureName, securePort]] = schemes;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const secure = url?.protocol === `${secureName}:`;
  if (url === undefined || url.hostname === "" || (!secure && url.protocol !== `${plainName}:`))
    return `write ${plainName}://host:${plainPort}, or ${secureName}://host:${securePort} for TLS`;
  if (url.username !== "" || url.password !== "")
    return "has a user in it; write user: NAME and password: { env: NAME } or { file: PATH } beside it";
  if (!/^\/?$/.test(url.pathname) || url.search !== "" || url.hash !== "")
    return "ends behind its port";
  const port = url.port === "" ? (secure ? securePort : plainPort) : Number(url.port);
  if (port === 0) return "needs a port from 1 to 65535";
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port, secure };
}
