/** A console on a port of its own, whole but for what it shows. */
import { randomBytes, scryptSync } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { FrameRing } from "../../src/api/live/frame-ring.ts";
import { LiveHub } from "../../src/api/live/live-hub.ts";
import { StreamDesk } from "../../src/api/live/stream-desk.ts";
import { Topic } from "../../src/api/live/topic.ts";
import { TopicShelf } from "../../src/api/live/topic-shelf.ts";
import { PackedFile } from "../../src/api/page/packed-file.ts";
import { PageFiles } from "../../src/api/page/page-files.ts";
import { type Needed, nothing, type Route, route } from "../../src/api/route.ts";
import { withDocument } from "../../src/api/routes/openapi-routes.ts";
import { signInRoutes } from "../../src/api/routes/sign-in-routes.ts";
import { OneTimeLinks } from "../../src/api/sign-in/one-time-links.ts";
import { ownHosts } from "../../src/api/sign-in/own-host.ts";
import { SessionBook } from "../../src/api/sign-in/session-book.ts";
import { SessionCookie } from "../../src/api/sign-in/session-cookie.ts";
import { signInDesk } from "../../src/api/sign-in/sign-in-desk.ts";
import { makeToken, parseTokensFile } from "../../src/api/sign-in/tokens-file.ts";
import { type ConsoleUser, parseUsersFile } from "../../src/api/sign-in/users-file.ts";
import { type IsTrustedProxy, trustedProxies } from "../../src/api/trusted-proxies.ts";
import { createWebApp } from "../../src/api/web-app.ts";
import { startWebServer } from "../../src/api/web-server.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { AuditLog } from "../../src/audit/audit-log.ts";
import { noHash } from "../../src/audit/chain.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { ManualClock } from "../support/manual-clock.ts";

export const hourMs = 3_600_000;

/** The password of everybody in these tests. */
export const password = "correct horse";

/** `name:role:hash`, with a hash that costs little. */
export function userLine(name: string, role: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 16, r: 8, p: 1 });
  return `${name}:${role}:scrypt$16$8$1$${salt.toString("base64")}$${hash.toString("base64")}`;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const echo = z.strictObject({ said: z.unknown() });

function echoes(method: "get" | "post", needs: Needed): Route {
  return route({
    method,
    path: `/${method}-${needs}/{id}`,
    summary: "Says what it was asked.",
    needs,
    params: z.strictObject({ id: z.string() }),
    query: z.strictObject({ n: z.coerce.number().optional() }),
    body: method === "get" ? nothing : z.strictObject({ reason: z.string().optional() }),
    answer: echo,
    serve: async ({ params, query, body }) => ({ said: { params, query, body } }),
  });
}

export const echoRoutes: readonly Route[] = (["get", "post"] as const).flatMap((method) =>
  (["anybody", "viewer", "operator", "admin"] as const).map((needs) => echoes(method, needs)),
);

export interface WebHereOptions {
  /** Whose word counts about who asks; this machine's unless said. */
  readonly isProxy?: IsTrustedProxy;
  readonly routes?: readonly Route[];
  readonly publicOrigin?: string;
  readonly listenHost?: string;
  readonly isSecure?: boolean;
}

/** Starts it; it stops with the test. */
export async function webHere(options: WebHereOptions = {}) {
  const clock = new ManualClock();
  const sessions = new SessionBook(clock, { idleMs: 8 * hourMs, mostMs: 24 * hourMs });
  const links = new OneTimeLinks(clock);
  const rows = new Map<string, object>([["here", { n: 0 }]]);
  const topic = new Topic("status", () => rows);
  const asked: string[] = [];
  const shelf = new TopicShelf(clock, [topic], (name) => {
    if (!name.startsWith("live:")) return undefined;
    asked.push(name);
    return new Topic(
      name,
      () => new Map([["counts", { shown: 0 }]]),
      () => void asked.splice(asked.indexOf(name), 1),
    );
  });
  const streams = new StreamDesk(clock, new LiveHub(clock, shelf, new FrameRing("boot")));
  const { users } = parseUsersFile(
    ["ana:admin", "otto:operator", "vera:viewer"]
      .map((one) => userLine(...(one.split(":") as [string, string])))
      .join("\n"),
  );
  const people = new Map<string, ConsoleUser>(users);
  const tokens = new Map<string, string>();
  const lines = ["admin", "operator", "viewer"].map((role) => {
    const { hash, token } = makeToken();
    tokens.set(role, token);
    return `${role}-tool:${role}:${hash}:`;
  });
  const known = parseTokensFile(lines.join("\n")).tokens;
  const written: string[] = [];
  const audit = new AuditLog({ source: "/plant-a/gw1", clock, logger: silentLogger });
  audit.begin({
    file: {
      end: { chain: "k3f9x2a1", seq: 0, hash: noHash },
      append: async (entries) => void written.push(JSON.stringify(entries)),
      close: async () => {},
    },
    entries: [],
    trouble: undefined,
  });
  const desk = {
    ...signInDesk({
      ...{ clock, sessions, links, ended: () => streams.check(), changed: () => {} },
      people: { user: (name) => people.get(name), anybody: people.get("ana") },
    }),
    here: () => ({
      version: "1",
      site: "plant-a",
      gateway: "gw1",
      roles: ["gateway"],
      shows: "gateway" as const,
    }),
  };
  const listenHost = options.listenHost ?? "127.0.0.1";
  const isProxy =
    options.publicOrigin === undefined ? undefined : (options.isProxy ?? trustedProxies([]));
  const app = createWebApp({
    routes: withDocument([...signInRoutes(desk), ...(options.routes ?? echoRoutes)], "1"),
    askers: { sessions, tokens: () => known, wallMs: () => clock.wallMs() },
    cookie: new SessionCookie(options.isSecure ?? false),
    isOwnHost: ownHosts(listenHost, options.publicOrigin),
    publicOrigin: options.publicOrigin,
    isProxy,
    audit,
    streams,
    probes: { unready: () => undefined, metrics: () => "up 1\n", hasOpenMetrics: false },
    page: new PageFiles(
      new Map([
        ["/index.html", new PackedFile(Buffer.from("<!doctype html>page"), "text/html")],
        ["/assets/a-1.js", new PackedFile(Buffer.alloc(4_000, "x"), "text/javascript")],
      ]),
    ),
    logger: silentLogger,
  });
  const server = await startWebServer({
    app,
    listen: { host: "127.0.0.1", port: 0 },
    isProxy,
    clock: systemClock,
    logger: silentLogger,
  });
  onTestFinished(async () => {
    streams.stop();
    await server.stop();
  });
  const { port } = server.address;

  const open = (path: string, { body, headers = {}, method = "GET" }: Question = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const asking = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
      asking.on("response", resolve);
      asking.on("error", reject);
      asking.end(body);
    });
  const ask = async (path: string, question?: Question): Promise<Answer> => {
    const response = await open(path, question);
    let text = "";
    response.setEncoding("utf8");
    for await (const part of response) text += part;
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text,
      json: () => JSON.parse(text),
    };
  };
  const own = { "x-sluicegate": "1", "content-type": "application/json" };
  const trySignIn = (name: string, tried: string, headers: Record<string, string> = {}) =>
    ask("/api/v1/sign-in", {
      method: "POST",
      headers: { ...own, ...headers },
      body: JSON.stringify({ name, password: tried }),
    });
  /** The cookie of somebody who signed in. */
  const signIn = async (name: string): Promise<string> => {
    const { headers } = await trySignIn(name, password);
    return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  };
  return {
    ...{ port, clock, topic, rows, asked, streams, sessions, links, people, audit, written },
    ...{ open, ask, own, trySignIn, signIn },
    token: (role: string) => ({ authorization: `Bearer ${tokens.get(role)}` }),
  };
}
