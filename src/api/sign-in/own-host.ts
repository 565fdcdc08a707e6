/**
 * Whether a request was meant for us. A page of any site can let its own name lead to 127.0.0.1, and
 * then asks this machine as if it were its own site: the name in `Host` is still that of the site.
 */
import { isLoopback, parseListenAddress } from "../../core/listen-address.ts";

export type IsOwnHost = (host: string | undefined) => boolean;

/**
 * Who listens for this machine alone answers to the names of this machine, and to the one that a proxy
 * has. On other addresses any name may be ours; there nobody gets anything without signing in.
 */
export function ownHosts(listenHost: string, publicOrigin: string | undefined): IsOwnHost {
  if (!isLoopback(listenHost)) return () => true;
  const publicHost = publicOrigin === undefined ? undefined : new URL(publicOrigin).host;
  return (host = "") => {
    if (publicHost !== undefined && host.toLowerCase() === publicHost) return true;
    const address = parseListenAddress(/:\d{1,5}$/.test(host) ? host : `${host}:80`);
    return address !== undefined && isLoopback(address.host);
  };
}
