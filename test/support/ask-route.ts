/** Asks a route as the server does, and holds the answer against its schema. */
import { RequestProblem } from "../../src/api/problem.ts";
import type { Route } from "../../src/api/route.ts";

export interface Answered {
  readonly status: number;
  /** What was answered, or the problem. */
  readonly body: unknown;
}

/** `GET /alerts?list=active`; a body makes it a post. */
export async function askRoute(
  routes: readonly Route[],
  path: string,
  body?: object,
  by = "ana",
): Promise<Answered> {
  const url = new URL(path, "http://here");
  const method = body ? "post" : "get";
  const found = routes.flatMap((route) => {
    const params = route.method === method && matchPath(route.path, url.pathname);
    return params ? [{ route, params }] : [];
  });
  // What is written out goes before a parameter.
  const [best] = found.sort((one, other) => count(one.params) - count(other.params));
  if (!best) throw new Error(`no route is ${method} ${url.pathname}`);
  try {
    const answer = await best.route.serve({
      params: best.params,
      query: Object.fromEntries(url.searchParams),
      body: body ?? {},
      principal: { name: by, role: "admin", by: "token" },
      visitor: { address: "127.0.0.1", sessionId: undefined, setSession: () => {} },
      signal: new AbortController().signal,
    });
    return {
      status: 200,
      body: best.route.schemas.answer.parse(JSON.parse(JSON.stringify(answer))),
    };
  } catch (thrown) {
    if (!(thrown instanceof RequestProblem)) throw thrown;
    return { status: thrown.problem.status, body: thrown.problem };
  }
}

function count(params: object): number {
  return Object.keys(params).length;
}

function matchPath(pattern: string, path: string): Record<string, string> | false {
  const parts = path.split("/");
  const wanted = pattern.split("/");
  if (parts.length !== wanted.length) return false;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = decodeURIComponent(parts[at] ?? "");
    if (part.startsWith("{")) params[part.slice(1, -1)] = value;
    else if (part !== value) return false;
  }
  return params;
}
