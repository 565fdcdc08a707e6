/** Addresses that are secrets: whoever knows them can post. */
import { GatewayError } from "../core/errors.ts";

/** An address that is a secret. Throws `config.secret-missing`, without the address, where it is none. */
export function secretUrl(text: string, kind: string): string {
  const isAddress = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isAddress) return text;
  throw new GatewayError(
    "config.secret-missing",
    `the url of a receiver of the kind ${kind} is no address: what it refers to has to begin with https://`,
  );
}

/** Shorter parts of an address are words that anybody may use. */
const shortestSecret = 8;

/**
 * Gives the function that covers a secret in what the other side said: servers tell of paths that they
 * do not know, and take a request apart for whoever debugs it. Of an address its parts count as well.
 */
export function coverSecret(secret: string): (text: string) => string {
  const parts = new Set([secret, encodeURIComponent(secret), ...partsOf(secret)]);
  const longestFirst = [...parts].sort((one, other) => other.length - one.length);
  return (text) =>
    longestFirst.reduce(
      (left, part) => (part.length < shortestSecret ? left : left.replaceAll(part, "***")),
      text,
    );
}

function partsOf(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const { pathname, search, searchParams } = new URL(text);
  const words = [pathname, ...pathname.split("/")].flatMap((word) => [word, decoded(word)]);
  return [pathname + search, ...words, ...searchParams.values()];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
