/**
 * Whether a request that changes something comes from our own page. A browser that is signed in sends
 * its cookie with what other pages make it ask; none of them can send our header, nor say that it is
 * of our origin.
 */

/** The header that only our own page sends; its value does not matter. */
export const ownHeader = "x-sluicegate";

/** What a request says of where it comes from; absent headers are undefined. */
export interface Provenance {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`: what the browser itself says. */
  readonly fetchSite: string | undefined;
  /** The value of `ownHeader`. */
  readonly own: string | undefined;
}

/** Why it is not to be trusted, for people; undefined where it is. `publicOrigin`: before a proxy. */
export function foreignReason(
  { fetchSite, host, origin, own }: Provenance,
  publicOrigin?: string,
): string | undefined {
  if (fetchSite !== undefined && fetchSite !== "same-origin")
    return `the browser says that another site asked (${fetchSite})`;
  if (origin !== undefined && !isOwnOrigin(origin, host, publicOrigin))
    return `it comes from ${origin}, which is not this console`;
  return own === undefined ? `the header ${ownHeader} is missing` : undefined;
}

/** The same for what is only read, where a foreign page must not listen: an absent origin is fine. */
export function isOwnOrigin(
  origin: string,
  host: string | undefined,
  publicOrigin?: string,
): boolean {
  if (publicOrigin !== undefined) return origin === publicOrigin;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
