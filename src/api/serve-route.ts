/** Serves what a route is asked: who asks, what they may, what they say, what is noted of it. */
import { admit } from "./admit.ts";
import { answerJson } from "./answers.ts";
import { type AuditedRequest, auditDone, auditRefused } from "./audit-request.ts";
import { problemFor } from "./problem-of.ts";
import type { ReadingRoom } from "./reading-room.ts";
import type { Route, RouteRequest } from "./route.ts";
import { whoAsks } from "./sign-in/who-asks.ts";
import type { WebAppParts } from "./web-parts.ts";
import {
  addressOf,
  portOf,
  proofOf,
  provenanceOf,
  readJson,
  type WebContext,
} from "./web-request.ts";

export async function serveRoute(
  context: WebContext,
  route: Route,
  parts: WebAppParts,
  readingRoom: ReadingRoom,
): Promise<Response> {
  const from = addressOf(context, parts.isProxy);
  const params = context.req.param();
  let audited: AuditedRequest = { path: route.path, params, body: {}, by: undefined, from };
  const isWrite = route.method !== "get";
  try {
    const { cookie, publicOrigin } = parts;
    const proof = proofOf(context, cookie);
    const principal = whoAsks(proof, parts.askers);
    audited = { ...audited, by: principal?.name };
    const provenance = provenanceOf(context);
    admit({ principal, provenance, isWrite, needs: route.needs, publicOrigin });
    const body = isWrite ? await readJson(context) : {};
    audited = { ...audited, body };
    let said: string | undefined;
    const { signal } = context.req.raw;
    const asked: RouteRequest<unknown, unknown, unknown> = {
      params,
      query: context.req.query(),
      body,
      principal,
      visitor: {
        address: from,
        sessionId: proof.sessionId,
        setSession(id) {
          said = cookie.set(id, portOf(context));
        },
      },
      signal,
    };
    const answer = route.readsMuch
      ? await readingRoom.read(signal, () => route.serve(asked))
      : await route.serve(asked);
    const response = answerJson(answer);
    if (said !== undefined) response.headers.set("set-cookie", said);
    if (isWrite) parts.audit.note(auditDone(audited, answer));
    return response;
  } catch (thrown) {
    if (isWrite) parts.audit.note(auditRefused(audited, problemFor(thrown)));
    throw thrown;
  }
}
