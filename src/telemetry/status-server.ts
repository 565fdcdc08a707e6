/**
 * Answers about the running process, over HTTP on a Unix socket that only its owner may use.
 *
 * - `GET /status`: one JSON object.
 * - `GET /metrics`: Prometheus text.
 * - `GET /tap?stage=&device=&limit=`: NDJSON, see `TapLine`.
 * - `POST /ask/<question>?<parameters>`: what the role that knows the question answers.
 */
import { lstat, unlink } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Questions } from "../core/question.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { shelterOf, toSocketPath } from "./socket-path.ts";
import type { TapHub } from "./tap-hub.ts";
import { parseTapRequest } from "./tap-request.ts";
import { openTapStream, type TapStream } from "./tap-stream.ts";

export interface StatusServerOptions {
  /** Where to listen; a path that is over 100 bytes or on a read-only volume moves (`socket-path.ts`). */
  readonly socket: string;
  /** Gives what `/status` answers, fit for JSON. */
  readonly status: () => object;
  /** Gives what `/metrics` answers. */
  readonly metrics: () => string;
  readonly taps: TapHub;
  /** Those of all roles of the process. */
  readonly questions: Questions;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface StatusServer {
  /** Where it really listens. */
  readonly path: string;
  /** Ends every tap and answer, and removes the socket. */
  stop(): Promise<void>;
}

/** Readers at a time; further ones are turned away. */
const maxConnections = 32;
/** How long a reader gets to take its last lines. */
const farewellMs = 500;
const askedBelow = "/ask/";

/**
 * Listens. A socket that a dead process left is replaced; fails with `source.unavailable` where
 * another process answers or something else is in the way, with `status.denied` where the folder
 * cannot be written.
 */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const streams = new Set<TapStream>();
  const serveTap = (query: URLSearchParams, response: ServerResponse): void => {
    const request = parseTapRequest(query);
    if ("problem" in request) {
      answerProblem(response, 400, request.problem);
      return;
    }
    response.writeHead(200, { "content-type": "application/x-ndjson", connection: "close" });
    response.flushHeaders();
    const stream = openTapStream(
      options.taps,
      request,
      {
        write: (line) => response.write(`${JSON.stringify(line)}\n`),
        end: () => void response.end(),
      },
      options.clock,
    );
    streams.add(stream);
    response.on("drain", () => stream.drained());
    response.on("close", () => {
      stream.stop();
      streams.delete(stream);
    });
  };
  const serveQuestion = (name: string, query: URLSearchParams, response: ServerResponse): void => {
    const question = Object.hasOwn(options.questions, name) ? options.questions[name] : undefined;
    if (question === undefined) {
      answerProblem(response, 404, `no role of this process knows the question ${name}`);
      return;
    }
    question(Object.fromEntries(query)).then(
      (answer) => answerJson(response, 200, answer),
      (thrown) => {
        options.logger.error("a question was not answered", { question: name, thrown });
        answerProblem(response, 500, "it failed; the journal says why");
      },
    );
  };
  const server = createServer((request, response) => {
    try {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
      if (request.method === "POST" && pathname.startsWith(askedBelow))
        serveQuestion(pathname.slice(askedBelow.length), searchParams, response);
      else if (request.method !== "GET") answerProblem(response, 405, "only GET is answered");
      else if (pathname === "/status") answerJson(response, 200, options.status());
      else if (pathname === "/metrics") answerText(response, options.metrics());
      else if (pathname === "/tap") serveTap(searchParams, response);
      else answerProblem(response, 404, "there are /status, /metrics and /tap");
    } catch (thrown) {
      options.logger.error("a question on the status socket failed", {
        url: request.url,
        thrown,
      });
      answerProblem(response, 500, "the answer failed; the journal says why");
    }
  });
  server.maxConnections = maxConnections;

  const path = await claimSomewhere(server, toSocketPath(options.socket));
  server.on("error", (thrown) => options.logger.warn("the status socket has trouble", { thrown }));
  return {
    path,
    stop() {
      return new Promise((resolve) => {
        const limit = options.clock.setTimer(farewellMs, () => server.closeAllConnections());
        server.close(() => {
          limit.cancel();
          resolve();
        });
        for (const stream of streams) stream.finish();
        server.closeIdleConnections();
      });
    },
  };
}

/** Listens on the path, or beside it where its volume is read-only; gives where. */
async function claimSomewhere(server: Server, path: string): Promise<string> {
  try {
    await claim(server, path);
    return path;
  } catch (failure) {
    if (!(failure instanceof GatewayError) || systemCode(failure.cause) !== "EROFS") throw failure;
    await claim(server, shelterOf(path));
    return shelterOf(path);
  }
}

/** Listens on the path; when something is there already, looks whether it is alive. */
async function claim(server: Server, path: string): Promise<void> {
  const first = await listen(server, path);
  if (first === undefined) return;
  if (first.code === "EADDRINUSE" && (await isStale(path))) {
    await unlink(path).catch(() => {});
    const second = await listen(server, path);
    if (second === undefined) return;
  }
  throw socketError(first, path);
}

function socketError(failure: NodeJS.ErrnoException, path: string): GatewayError {
  const isTaken = failure.code === "EADDRINUSE";
  const reason = isTaken ? "something else is there" : systemReason(failure);
  const remedy = isTaken ? "stop the process that uses it" : "make its folder writable";
  return new GatewayError(
    isTaken ? "source.unavailable" : "status.denied",
    `cannot listen on the status socket ${path}: ${reason}; ` +
      `${remedy}, or set status.socket to another path`,
    { cause: failure },
  );
}

function listen(server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const refused = (error: Error): void => resolve(error);
    server.once("error", refused);
    // The socket is made within the call: with this mask nobody else may ever open it.
    const before = process.umask(0o177);
    server.listen(path, () => {
      server.off("error", refused);
      resolve(undefined);
    });
    process.umask(before);
  });
}

/** True for a socket at which nobody listens any more. */
async function isStale(path: string): Promise<boolean> {
  const isSocket = await lstat(path).then(
    (found) => found.isSocket(),
    () => false,
  );
  if (!isSocket) return false;
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.on("connect", () => {
      probe.destroy();
      resolve(false);
    });
    probe.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
}

function answerText(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4", connection: "close" });
  response.end(body);
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(text);
}

function answerProblem(response: ServerResponse, status: number, problem: string): void {
  answerJson(response, status, { problem });
}
