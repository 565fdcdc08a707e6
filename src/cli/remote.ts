/** The HTTP API of a gateway or hub elsewhere, as commands ask it. */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import type { ErrorCode } from "../core/error-codes.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { suggest } from "../core/suggest.ts";
import { systemReason } from "../core/system-reason.ts";
import { type Context, contextsInReach, readContexts } from "./contexts-file.ts";

export interface RemoteOptions {
  readonly context?: string;
  readonly addr?: string;
  /** Asks the process of this machine, whatever the current context is. */
  readonly socket?: string;
  /** The same for a backbone that is named. */
  readonly nats?: string;
}

const root = "/api/v1";
const silenceMs = 10_000;
/** From the question to the end of the answer: who sends a byte now and then keeps nobody. */
const mostMs = 60_000;
/** Of what a server says where it should have given an answer. */
const mostSaid = 200;
/** A stream in which nothing changes still says each few seconds that it is there. */
const quietMs = 60_000;
const mostBytes = 64 * 1024 * 1024;
const mostLine = 16 * 1024 * 1024;

/** Which one is meant; undefined where it is this machine. */
export async function remoteOf(options: RemoteOptions): Promise<Context | undefined> {
  const { addr, context, nats, socket } = options;
  if (socket !== undefined || nats !== undefined) return undefined;
  const isNamed = addr !== undefined || context !== undefined;
  const { contexts, current } = isNamed ? await readContexts() : await contextsInReach();
  if (addr !== undefined) {
    const known = Object.values(contexts).find(({ url }) => url === baseOf(addr));
    if (known) return known;
    throw new GatewayError(
      "forbidden",
      `there is no token for ${addr}; keep one: sluicegate context add NAME ${baseOf(addr)} < token`,
    );
  }
  const name = context ?? current;
  if (name === null) return undefined;
  const found = contexts[name];
  if (found) return found;
  const meant = suggest(name, Object.keys(contexts));
  const advice = meant ? `did you mean ${meant}?` : "sluicegate context ls lists them";
  throw new GatewayError("not-found", `no context is named ${name}; ${advice}`);
}

/** The address as it is asked; a token goes over TLS, or stays on this machine. */
export function baseOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isHere);
  if (!url || !isSafe || url.username !== "" || url.password !== "")
    throw new GatewayError(
      "usage",
      "write the address as https://host:port, without a user; http:// only on this machine",
    );
  return url.origin;
}

/** Asks a path below `/api/v1`; a body makes it a post. */
export async function askApi(
  context: Context,
  path: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, said } = await exchange(context, `${root}${path}`, body).catch(
    (thrown: unknown) => {
      throw unreachable(context, thrown);
    },
  );
  const answer: unknown = parsed(said);
  if (status >= 200 && status < 300 && isObject(answer)) return answer;
  throw refusedBy(context, status, said);
}

/** Lines of a stream of changes, as they come, until the signal or the other side ends it. */
export async function* readStream(
  context: Context,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const open = context.url.startsWith("https:") ? httpsRequest : httpRequest;
  const asking = open(`${context.url}${root}${path}`, {
    headers: authorized(context),
    ...{ timeout: silenceMs, signal },
    ...(context.ca !== undefined && { ca: context.ca }),
  });
  asking.on("timeout", () => asking.destroy(new Error("it does not answer")));
  // What comes after the answer began is told by the answer.
  asking.on("error", () => {});
  asking.end();
  try {
    const [answer]: IncomingMessage[] = await once(asking, "response");
    if (answer === undefined) return;
    const isStream = answer.statusCode === 200;
    asking.setTimeout(isStream ? quietMs : silenceMs);
    let rest = "";
    for await (const part of answer.setEncoding("utf8")) {
      if (rest.length > mostLine) throw new Error("the answer is too large");
      if (!isStream) throw refusedBy(context, answer.statusCode ?? 0, String(part));
      const lines = (rest + String(part)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (thrown) {
    if (signal.aborted) return;
    throw thrown instanceof GatewayError ? thrown : unreachable(context, thrown);
  } finally {
    asking.destroy();
  }
}

function unreachable(context: Context, thrown: unknown): GatewayError {
  return new GatewayError(
    "status.unreachable",
    `cannot ask ${context.url}: ${systemReason(thrown)}; ` +
      "look at address, network and certificate (context add --ca names its CA)",
    { cause: thrown },
  );
}

function refusedBy({ url }: Context, status: number, said: string): GatewayError {
  const answer = parsed(said);
  const title = isObject(answer) && typeof answer["title"] === "string" ? answer["title"] : said;
  const words =
    status === 401 ? notKnown : title.slice(0, mostSaid).trim() || `it answered ${status}`;
  return new GatewayError(codes[status] ?? "status.unreachable", `${url}: ${words}`);
}

/** In place of what a browser is told: commands always send a token. */
const notKnown =
  "the token does not count there: it was removed, its time is over, or it was made a moment ago and counts in a few seconds";

function authorized({ token }: Context): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: "usage",
  401: "forbidden",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  422: "usage",
  504: "not-in-time",
};

async function exchange(
  context: Context,
  path: string,
  body: object | undefined,
): Promise<{ readonly status: number; readonly said: string }> {
  const { ca, url } = context;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...authorized(context),
    ...(sent !== undefined && { "content-type": "application/json" }),
  };
  const common = { method: sent === undefined ? "GET" : "POST", headers, timeout: silenceMs };
  const open = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    let hasBegun = false;
    const asking = open(
      `${url}${path}`,
      { ...common, ...(ca !== undefined && { ca }) },
      (answer) => {
        hasBegun = true;
        let bytes = 0;
        answer.on("data", (part: Buffer) => {
          bytes += part.length;
          if (bytes > mostBytes) answer.destroy(new Error("the answer is too large"));
        });
        text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, said }), reject);
      },
    );
    const late = setTimeout(() => {
      reject(new Error("its answer does not end"));
      asking.destroy();
    }, mostMs);
    asking.on("close", () => {
      clearTimeout(late);
      // Who changes to another protocol ends the request, and no error tells of it.
      if (!hasBegun) reject(new Error("it gave no answer"));
    });
    asking.on("timeout", () => asking.destroy(new Error("it does not answer")));
    asking.on("error", reject);
    asking.end(sent);
  });
}

/** Undefined for what is no JSON. */
export function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}
