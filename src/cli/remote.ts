/** The HTTP API of a gateway or hub elsewhere, as commands ask it. */
import { request as httpRequest } from "node:http";
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
}

const silenceMs = 10_000;
/** From the question to the end of the answer: who sends a byte now and then keeps nobody. */
const mostMs = 60_000;
/** Of what a server says where it should have given an answer. */
const mostSaid = 200;
const mostBytes = 64 * 1024 * 1024;

/** Which one is meant; undefined where it is this machine. */
export async function remoteOf(options: RemoteOptions): Promise<Context | undefined> {
  const { addr, context, socket } = options;
  if (socket !== undefined) return undefined;
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
  const { status, said } = await exchange(context, `/api/v1${path}`, body).catch(
    (thrown: unknown) => {
      throw new GatewayError(
        "status.unreachable",
        `cannot ask ${context.url}: ${systemReason(thrown)}; ` +
          "look at address, network and certificate (context add --ca names its CA)",
        { cause: thrown },
      );
    },
  );
  const answer: unknown = parsed(said);
  if (status >= 200 && status < 300 && isObject(answer)) return answer;
  const title = isObject(answer) && typeof answer["title"] === "string" ? answer["title"] : said;
  const words = title.slice(0, mostSaid).trim() || `it answered ${status}`;
  throw new GatewayError(codes[status] ?? "status.unreachable", `${context.url}: ${words}`);
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
  { ca, token, url }: Context,
  path: string,
  body: object | undefined,
): Promise<{ readonly status: number; readonly said: string }> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
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

function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}
