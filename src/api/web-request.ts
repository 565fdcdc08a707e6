/** What is asked of a request, of which the router gives the parts. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "hono";
import { RequestProblem } from "./problem.ts";
import { ownHeader, type Provenance } from "./sign-in/same-origin.ts";
import type { SessionCookie } from "./sign-in/session-cookie.ts";
import type { Proof } from "./sign-in/who-asks.ts";
import type { IsTrustedProxy } from "./trusted-proxies.ts";

/** Of which the server makes a request; absent where a request was made in the process itself. */
export interface WebBindings {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: ServerResponse;
}

/** A request on its way through the app. */
export type WebContext = Context<{ Bindings: WebBindings }>;

export function proofOf(context: WebContext, cookie: SessionCookie): Proof {
  const sessionId = cookie.idIn(context.req.header("cookie"), portOf(context));
  return { authorization: context.req.header("authorization"), sessionId };
}

/** The one that the request came to. */
export function portOf(context: WebContext): number {
  return context.env?.incoming?.socket.localPort ?? 0;
}

export function provenanceOf(context: WebContext): Provenance {
  const header = (name: string): string | undefined => context.req.header(name);
  return {
    host: header("host"),
    origin: header("origin"),
    fetchSite: header("sec-fetch-site"),
    own: header(ownHeader),
  };
}

/**
 * The machine that asks. Where a proxy of ours does, it is whom the proxy names last: what stands before
 * it anybody could have written.
 */
export function addressOf(context: WebContext, isProxy: IsTrustedProxy | undefined): string {
  const peer = context.env?.incoming?.socket.remoteAddress ?? "";
  const forwarded = isProxy?.(peer) ? context.req.header("x-forwarded-for") : undefined;
  const named = forwarded?.slice(forwarded.lastIndexOf(",") + 1).trim();
  return networkOf((named || peer || "unknown").slice(0, 64));
}

/** The JSON that a request carries; an empty one is an empty object. */
export async function readJson(context: WebContext): Promise<unknown> {
  const bytes = await context.req.arrayBuffer();
  if (bytes.byteLength === 0) return {};
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new RequestProblem({
      status: 400,
      code: "request.no-json",
      title: "what the request carries is no JSON in UTF-8",
    });
  }
}

/** One who has a network of IPv6 has more addresses than anybody can count. */
function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  if (address.startsWith("::ffff:")) return address.slice("::ffff:".length);
  const [front = ""] = address.split("::");
  return front.split(":").slice(0, 4).join(":");
}
