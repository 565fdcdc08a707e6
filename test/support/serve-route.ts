/** Asks a route without a server: what it is asked is checked, and what it answers is held against its schema. */
import { expect } from "vitest";
import type { Principal } from "../../src/api/principal.ts";
import { type Problem, RequestProblem } from "../../src/api/problem.ts";
import type { Route, Visitor } from "../../src/api/route.ts";

export interface RouteQuestion {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly as?: Principal;
}

const visitor: Visitor = { address: "127.0.0.1", sessionId: undefined, setSession() {} };
const ana: Principal = { name: "ana", role: "admin", by: "session" };

/** `get /devices/{device}`; gives the answer, or the problem that the client would get. */
export async function serveRoute(
  routes: readonly Route[],
  name: string,
  { as = ana, body = {}, params = {}, query = {} }: RouteQuestion = {},
): Promise<unknown> {
  const found = routes.find(({ method, path }) => `${method} ${path}` === name);
  if (found === undefined) throw new Error(`there is no route ${name}`);
  const asked = { params, query, body, principal: as, visitor };
  try {
    const answer = await found.serve({ ...asked, signal: new AbortController().signal });
    expect(found.schemas.answer.safeParse(JSON.parse(JSON.stringify(answer))).error).toBe(
      undefined,
    );
    return answer;
  } catch (thrown) {
    if (thrown instanceof RequestProblem) return thrown.problem satisfies Problem;
    throw thrown;
  }
}
