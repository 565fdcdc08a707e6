import { GatewayError } from "../core/errors.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { backboneOptions } from "../stream/options.ts";

/** The server that an option names; a usage mistake where it is none, or has credentials in it. */
export function serverOf(option: string, text: string): string {
  if (backboneOptions.safeParse({ servers: [text] }).success) return text;
  throw new GatewayError(
    "usage",
    `${option} ${maskAddress(text)}: write nats://host:port or tls://host:port; ` +
      "credentials go into a file that backbone.credentials names",
  );
}
