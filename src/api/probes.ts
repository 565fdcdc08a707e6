/**
 * What machines ask that watch over processes: whether it lives, whether it is ready, and its figures.
 * The first two say nothing that anybody could not know.
 */
import { admit } from "./admit.ts";
import { answerProblem, answerText } from "./answers.ts";
import { whoAsks } from "./sign-in/who-asks.ts";
import type { WebApp, WebAppParts } from "./web-parts.ts";
import { proofOf, provenanceOf } from "./web-request.ts";

export function serveProbes(app: WebApp, parts: WebAppParts): void {
  const { askers, cookie, probes, publicOrigin } = parts;
  app.get("/livez", () => answerText(200, "alive\n"));
  app.get("/readyz", () => {
    const why = probes.unready();
    return why === undefined ? answerText(200, "ready\n") : answerText(503, `${why}\n`);
  });
  app.get("/metrics", (context) => {
    admit({
      principal: whoAsks(proofOf(context, cookie), askers),
      provenance: provenanceOf(context),
      isWrite: false,
      needs: probes.hasOpenMetrics ? "anybody" : "viewer",
      publicOrigin,
    });
    const response = answerText(200, probes.metrics());
    response.headers.set("content-type", "text/plain; version=0.0.4; charset=utf-8");
    return response;
  });
  for (const path of ["/livez", "/readyz", "/metrics"])
    app.all(path, () =>
      answerProblem({ status: 405, code: "request.method", title: `${path} is only read` }),
    );
}
