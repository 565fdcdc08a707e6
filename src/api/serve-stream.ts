/** `GET /api/v1/stream?topics=a,b`: what changes, as server-sent events. */
import { admit } from "./admit.ts";
import { answerProblem } from "./answers.ts";
import type { StreamRefusal } from "./live/stream-desk.ts";
import type { Problem } from "./problem.ts";
import { neverKept, securityHeaders } from "./security-headers.ts";
import { isOwnOrigin } from "./sign-in/same-origin.ts";
import { stillKnown, whoAsks } from "./sign-in/who-asks.ts";
import { apiRoot, type WebApp, type WebAppParts } from "./web-parts.ts";
import { proofOf, provenanceOf } from "./web-request.ts";

/** Says to the adapter that the answer was written by whoever served the request. */
const written = (): Response => new Response(null, { headers: { "x-hono-already-sent": "true" } });

const refusals: Readonly<Record<StreamRefusal, Problem>> = {
  "too-many-streams": {
    status: 429,
    code: "stream.too-many",
    title: "there are as many live streams as may be",
    advice: "close pages that nobody looks at; one stream carries all topics",
  },
  "too-many-topics": { status: 400, code: "request.invalid", title: "so many topics at once" },
};

const noStreamHere: Problem = {
  status: 405,
  code: "request.method",
  title: "a live stream is opened with GET",
};

export function serveStream(app: WebApp, parts: WebAppParts): void {
  const { askers, cookie, publicOrigin, streams } = parts;
  app.get(`${apiRoot}/stream`, (context) => {
    const proof = proofOf(context, cookie);
    const provenance = provenanceOf(context);
    const { host, origin } = provenance;
    if (origin !== undefined && !isOwnOrigin(origin, host, publicOrigin))
      return answerProblem({
        status: 403,
        code: "request.foreign",
        title: `refused, since it comes from ${origin.slice(0, 200)}, which is not this console`,
      });
    const principal = whoAsks(proof, askers);
    admit({ principal, provenance, isWrite: false, needs: "viewer", publicOrigin });
    const { outgoing } = context.env ?? {};
    if (outgoing === undefined || context.req.raw.method !== "GET")
      return answerProblem(noStreamHere);
    const { after, topics = "" } = context.req.query();
    const refused = streams.open(
      {
        topics: topics.split(",").filter((name) => name !== ""),
        // A browser that comes again by itself repeats the query and says what it saw in a header.
        lastId: context.req.header("last-event-id") ?? after,
        who: `${principal?.by} ${proof.sessionId ?? principal?.name}`,
        stillMay: () => stillKnown(proof, askers),
        headers: { ...securityHeaders, ...neverKept },
      },
      outgoing,
    );
    return refused === undefined ? written() : answerProblem(refusals[refused]);
  });
}
