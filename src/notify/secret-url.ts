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
