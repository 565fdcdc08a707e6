/**
 * Whose word counts about who asks. A proxy names its visitor in `X-Forwarded-For`; anybody else could
 * write any address there, and be somebody else in the audit log and before every limit.
 */
import { BlockList, isIP } from "node:net";

/** Whether a peer, by the address of its connection, is a proxy of ours. */
export type IsTrustedProxy = (address: string) => boolean;

/** An address, or a network such as `10.0.0.0/8`; undefined where the text is neither. */
export function parseNetwork(text: string) {
  const [address = "", bits] = text.split("/");
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || !(prefix <= most) || text.split("/").length > 2) return undefined;
  return { address, prefix, family: version === 4 ? ("ipv4" as const) : ("ipv6" as const) };
}

/** Those that are named, and this machine itself. */
export function trustedProxies(networks: readonly string[]): IsTrustedProxy {
  const list = new BlockList();
  for (const text of ["127.0.0.0/8", "::1", ...networks]) {
    const network = parseNetwork(text);
    if (network) list.addSubnet(network.address, network.prefix, network.family);
  }
  return (address) => {
    const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? "ipv4" : "ipv6");
  };
}
