/** A target over HTTP: a POST for each event, as the HTTP protocol binding of CloudEvents has it. */
import type { Clock } from "../core/clock.ts";
import { maskSecrets } from "../core/mask-secrets.ts";
import { createKeptPost } from "../http-client/kept-post.ts";
import { partsOf, structuredType } from "./cloud-event.ts";
import { judgeHttp } from "./judge-http.ts";
import type { Letter } from "./letter.ts";
import type { LetterLink } from "./link.ts";
import type { LinkSecrets } from "./link-secrets.ts";
import type { HttpOptions } from "./options.ts";

export function openHttpLink(options: HttpOptions, secrets: LinkSecrets, clock: Clock): LetterLink {
  const { connections, mode, timeout, url, username } = options;
  const http = createKeptPost(
    {
      url,
      authorization: authorizationOf(username, secrets),
      ca: secrets.ca,
      cert: secrets.cert,
      key: secrets.key,
      timeoutMs: timeout,
      connections,
    },
    clock,
  );
  // All of the address is kept: the slash at its end, and what stands behind a question mark.
  const { pathname, search } = new URL(url);
  const path = `${pathname.length > 1 && pathname.endsWith("/") ? "/" : ""}${search}`;
  return {
    kind: "letters",
    atOnce: connections,
    async deliver(letter, signal) {
      const { body, headers } = mode === "binary" ? binary(letter) : structured(letter);
      try {
        const answer = await http.post(path, body, signal, { headers });
        return judgeHttp(answer, clock.wallMs());
      } catch (thrown) {
        const reason =
          thrown instanceof Error ? thrown.message || String(thrown.cause) : String(thrown);
        return { kind: "trouble", reason: maskSecrets(`no answer: ${reason}`) };
      }
    },
    close: async () => http.close(),
  };
}

interface Request {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

function structured({ text }: Letter): Request {
  return { body: text, headers: { "content-type": structuredType } };
}

function binary({ text }: Letter): Request {
  const { attributes, contentType, data } = partsOf(text);
  const headers: Record<string, string> = { "content-type": contentType };
  for (const [name, value] of attributes) headers[`ce-${name}`] = headerValue(value);
  return { body: data, headers };
}

/**
 * Percent-encoded where the binding wants it (3.1.3.2): space, the double quote, the percent sign, and all
 * that is no printable ASCII.
 */
export function headerValue(text: string): string {
  return text.replace(/[^!#$&-~]/gu, (sign) =>
    Array.from(new TextEncoder().encode(sign), (byte) => `%${hex(byte)}`).join(""),
  );
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}

function authorizationOf(
  username: string | undefined,
  { password, token }: LinkSecrets,
): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`;
}
