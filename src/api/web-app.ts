/**
 * The whole of what is served, as one function from request to response: it can be asked without a
 * port. Order of the checks: whether we are meant, who asks, whether the request is our own page's,
 * what it may, what it says.
 */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { answerProblem } from "./answers.ts";
import { serveProbes } from "./probes.ts";
import { problemFor, problemOf } from "./problem-of.ts";
import { ReadingRoom } from "./reading-room.ts";
import { serveRoute } from "./serve-route.ts";
import { serveStream } from "./serve-stream.ts";
import { apiRoot, type WebApp, type WebAppParts } from "./web-parts.ts";

/** Of what a request may carry. */
const maxBodyBytes = 256 * 1024;

export function createWebApp(parts: WebAppParts): WebApp {
  const app: WebApp = new Hono();
  app.use(async (context, next) => {
    if (parts.isOwnHost(context.req.header("host"))) return next();
    return answerProblem({
      status: 421,
      code: "request.foreign-host",
      title: "this console answers to the names of this machine only",
      advice: "open it at 127.0.0.1, or set console.public_url to the name that a proxy has for it",
    });
  });
  app.onError((thrown, context) => {
    if (problemOf(thrown) === undefined)
      parts.logger.error("a request was not served", { path: context.req.path, thrown });
    return answerProblem(problemFor(thrown));
  });
  const readingRoom = new ReadingRoom();
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge });
  for (const each of parts.routes)
    app.on(each.method.toUpperCase(), apiRoot + honoPath(each.path), limit, (context) =>
      serveRoute(context, each, parts, readingRoom),
    );
  serveStream(app, parts);
  serveProbes(app, parts);
  app.all("/api/*", (context) =>
    answerProblem({
      status: 404,
      code: "not-found",
      title: `nothing is served at ${context.req.method} ${context.req.path.slice(0, 200)}`,
      advice: `${apiRoot}/openapi.json lists what there is`,
    }),
  );
  app.get("*", ({ req }) => parts.page.answer(req.path, req.header("accept-encoding")));
  app.notFound(() =>
    answerProblem({ status: 405, code: "request.method", title: "pages are only read" }),
  );
  return app;
}

function tooLarge(): Response {
  return answerProblem({
    status: 413,
    code: "request.too-large",
    title: `a request carries ${maxBodyBytes} bytes at most`,
  });
}

/** `/devices/{device}` as the router writes it. */
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
