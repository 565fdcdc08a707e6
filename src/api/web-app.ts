/**
 * The whole of what is served, as one function from request to response: it can be asked without a
 * port. Order of the checks: who asks, whether the request is our own page's, what it may, what it says.
 */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "../core/logger.ts";
import { mayAct } from "./principal.ts";
import { notSignedIn, type Problem, RequestProblem } from "./problem.ts";
import type { Route } from "./route.ts";
import { neverKept, securityHeaders } from "./security-headers.ts";
import { foreignReason, ownHeader } from "./sign-in/same-origin.ts";
import type { SessionBook } from "./sign-in/session-book.ts";
import { type ApiToken, type Asker, askerOf } from "./sign-in/who-asks.ts";

/** Of what a request may carry. */
const maxBodyBytes = 256 * 1024;
const apiRoot = "/api/v1";

export interface WebAppParts {
  readonly routes: readonly Route[];
  readonly sessions: SessionBook;
  readonly tokens: () => Iterable<ApiToken>;
  /** The connection is encrypted, here or by a proxy before us. */
  readonly isSecure: boolean;
  /** As browsers see it, where a proxy stands before us. */
  readonly publicOrigin?: string;
  readonly logger: Logger;
}

export function createWebApp(parts: WebAppParts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value);
  });
  app.onError((thrown, context) => {
    if (thrown instanceof RequestProblem) return answerProblem(thrown.problem);
    parts.logger.error("a request was not served", { path: context.req.path, thrown });
    return answerProblem({
      status: 500,
      code: "internal",
      title: "it failed; the journal says why",
    });
  });
  app.notFound((context) =>
    answerProblem({
      status: 404,
      code: "not-found",
      title: `nothing is served at ${context.req.path}`,
      advice: `${apiRoot}/openapi.json lists what there is`,
    }),
  );
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () =>
      answerProblem({
        status: 413,
        code: "request.too-large",
        title: `a request carries ${maxBodyBytes} bytes at most`,
      }),
  });
  for (const each of parts.routes)
    app.on(each.method.toUpperCase(), apiRoot + honoPath(each.path), limit, (context) =>
      serve(context, each, parts),
    );
  return app;
}

async function serve(context: Context, route: Route, parts: WebAppParts): Promise<Response> {
  const { principal } = admit(context, route, parts) ?? {};
  const answer = await route.serve({
    params: context.req.param(),
    query: context.req.query(),
    body: route.method === "get" ? {} : await readJson(context),
    principal,
    signal: context.req.raw.signal,
  });
  return context.body(JSON.stringify(answer), 200, {
    ...neverKept,
    "content-type": "application/json",
  });
}

/** Who asks, where that is somebody who may; throws `RequestProblem` where not. */
function admit(context: Context, route: Route, parts: WebAppParts): Asker | undefined {
  const header = (name: string): string | undefined => context.req.header(name);
  const headers = { authorization: header("authorization"), cookie: header("cookie") };
  const asker = askerOf(headers, parts.isSecure, parts);
  if (route.method !== "get" && asker?.principal.by !== "token") {
    const reason = foreignReason(
      {
        host: header("host"),
        origin: header("origin"),
        fetchSite: header("sec-fetch-site"),
        own: header(ownHeader),
      },
      parts.publicOrigin,
    );
    if (reason !== undefined)
      throw new RequestProblem({
        status: 403,
        code: "request.foreign",
        title: `refused, since ${reason}`,
        advice: `programs send a token; pages of the console send the header ${ownHeader}`,
      });
  }
  if (route.needs === "anybody") return asker;
  if (!asker) throw new RequestProblem(notSignedIn);
  const { name, role } = asker.principal;
  if (!mayAct(role, route.needs))
    throw new RequestProblem({
      status: 403,
      code: "role.too-low",
      title: `${name} is ${role}, and this is for ${route.needs}`,
    });
  return asker;
}

async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text();
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new RequestProblem({
      status: 400,
      code: "request.no-json",
      title: "what the request carries is no JSON",
    });
  }
}

function answerProblem(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...securityHeaders, ...neverKept, "content-type": "application/problem+json" },
  });
}

/** `/devices/{device}` as the router writes it. */
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
