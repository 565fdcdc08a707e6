/** A target over HTTP: a POST for each event, as the HTTP protocol binding of CloudEvents has it. */
import { maskSecrets } from "../core/mask-secrets.ts";
import { createKeptPost, type KeptPost } from "../http-client/kept-post.ts";
import { partsOf, structuredType } from "./cloud-event.ts";
import { judgeHttp } from "./judge-http.ts";
import type { Letter } from "./letter.ts";
import type { LetterLink, LinkDependencies, TryDependencies } from "./link.ts";
import type { LinkSecrets } from "./link-secrets.ts";
import type { HttpOptions } from "./options.ts";

/** Connections with what was read for them. In doubt they are given up, and closed once nobody waits for one. */
interface Opened {
  readonly http: Promise<KeptPost>;
  busy: number;
  isGivenUp: boolean;
}

export function openHttpLink(options: HttpOptions, deps: LinkDependencies): LetterLink {
  const { connections, mode } = options;
  const path = pathOf(options);
  let opened: Opened | undefined;
  const giveUp = (mine: Opened): void => {
    mine.isGivenUp = true;
    if (opened === mine) opened = undefined;
  };
  const shut = async ({ http }: Opened): Promise<void> =>
    (await http.catch(() => undefined))?.close();
  return {
    kind: "letters",
    atOnce: connections,
    async deliver(letter, signal) {
      const { body, headers } = mode === "binary" ? binary(letter) : structured(letter);
      opened ??= { http: open(options, deps), busy: 0, isGivenUp: false };
      const mine = opened;
      mine.busy += 1;
      try {
        const http = await mine.http;
        const delivered = judgeHttp(
          await http.post(path, body, signal, { headers }),
          deps.clock.wallMs(),
        );
        // Whoever refuses us may take another token: it is read again.
        if (delivered.kind === "trouble" && delivered.needsPeople) giveUp(mine);
        return delivered;
      } catch (thrown) {
        // Certificates may be the reason: they are read again, too.
        giveUp(mine);
        const reason =
          thrown instanceof Error ? thrown.message || String(thrown.cause) : String(thrown);
        return { kind: "trouble", reason: maskSecrets(`no answer: ${reason}`) };
      } finally {
        mine.busy -= 1;
        if (mine.isGivenUp && mine.busy === 0) await shut(mine);
      }
    },
    async close() {
      const last = opened;
      opened = undefined;
      if (last) await shut(last);
    },
  };
}

/** Asks for the head of the address, with nothing posted: undefined where we are let in. */
export async function knockHttp(
  options: HttpOptions,
  deps: TryDependencies,
): Promise<string | undefined> {
  const http = await open(options, deps);
  try {
    const { status } = await http.post(pathOf(options), "", deps.signal, { method: "HEAD" });
    const isRefused = status === 401 || status === 403;
    return isRefused ? `it does not let us in: status ${status}` : undefined;
  } finally {
    http.close();
  }
}

/** All of the address is kept: the slash at its end, and what stands behind a question mark. */
function pathOf({ url }: HttpOptions): string {
  const { pathname, search } = new URL(url);
  return `${pathname.length > 1 && pathname.endsWith("/") ? "/" : ""}${search}`;
}

async function open(
  options: HttpOptions,
  { clock, secrets }: Pick<LinkDependencies, "clock" | "secrets">,
): Promise<KeptPost> {
  const { connections, timeout: timeoutMs, url, username } = options;
  const { ca, cert, key, ...shown } = await secrets();
  const authorization = authorizationOf(username, shown);
  return createKeptPost({ url, authorization, ca, cert, key, timeoutMs, connections }, clock);
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
  { password, token }: Pick<LinkSecrets, "password" | "token">,
): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`;
}
