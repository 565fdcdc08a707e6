/** The web server of a process, joined by hand: who may ask, what is served, what changes live. */
import { fileURLToPath } from "node:url";
import { FrameRing } from "../api/live/frame-ring.ts";
import { LiveHub } from "../api/live/live-hub.ts";
import { StreamDesk } from "../api/live/stream-desk.ts";
import { TopicShelf } from "../api/live/topic-shelf.ts";
import { readPageFiles } from "../api/page/page-files.ts";
import { auditRoutes } from "../api/routes/audit-routes.ts";
import { withDocument } from "../api/routes/openapi-routes.ts";
import { signInRoutes } from "../api/routes/sign-in-routes.ts";
import { ownHosts } from "../api/sign-in/own-host.ts";
import { SessionCookie } from "../api/sign-in/session-cookie.ts";
import { trustedProxies } from "../api/trusted-proxies.ts";
import { createWebApp } from "../api/web-app.ts";
import type { WantedAddress } from "../api/web-server.ts";
import { nodeDisk } from "../buffer/disk.ts";
import { packageFolder } from "../config/site/package-folder.ts";
import { formatListenAddress, isLoopback } from "../core/listen-address.ts";
import { type AtEnd, openParts } from "../core/open-parts.ts";
import { newRun } from "./new-run.ts";
import { version } from "./version.ts";
import { consoleTls } from "./web/console-tls.ts";
import { type ConsolePort, keepListening } from "./web/keep-listening.ts";
import { openSignIn } from "./web/people/open-sign-in.ts";
import { whyUnready } from "./web/status/why-unready.ts";
import type { WebPart } from "./web/web-part.ts";
import { webParts } from "./web/web-parts.ts";
import type { WebSurroundings } from "./web/web-surroundings.ts";

/** The web server of a process. */
export interface Web {
  /** Where it is, for people; undefined while it cannot listen. */
  url(): string | undefined;
  /** The same, with what signs in whoever opens it within ten minutes, once, by that name. */
  link(name: string): string | undefined;
  stop(): Promise<void>;
}

/** Hosts that stand for all addresses of the machine, and are none that a browser opens. */
const wildcards = new Set(["0.0.0.0", "::"]);

/** Opens it. A port that is taken does not keep a process from its work: it is tried again. */
export async function openWeb(
  surroundings: WebSurroundings,
  listen: WantedAddress,
  fromRoles: readonly WebPart[],
): Promise<Web> {
  const { parts, stop } = await openParts((atEnd) =>
    joinWeb(surroundings, listen, fromRoles, atEnd),
  );
  return { ...parts, stop };
}

async function joinWeb(
  surroundings: WebSurroundings,
  listen: WantedAddress,
  fromRoles: readonly WebPart[],
  atEnd: AtEnd,
): Promise<Omit<Web, "stop">> {
  const { audit, audited, clock, site } = surroundings;
  const logger = surroundings.logger("console");
  const options = site.config.console;
  const publicOrigin = options.public_url;
  const isProxy = publicOrigin === undefined ? undefined : trustedProxies(options.proxies);
  const parts = [...fromRoles];
  for (const open of webParts) {
    const part = await open(surroundings, atEnd);
    if (part) parts.push(part);
  }
  const shelf = new TopicShelf(
    clock,
    parts.flatMap(({ topics = [] }) => topics),
    (name) => firstOf(parts, (part) => part.topicNamed?.(name)),
  );
  const streams = new StreamDesk(clock, new LiveHub(clock, shelf, new FrameRing(newRun())));
  const { askers, desk, isKnownName, links } = await openSignIn(
    surroundings,
    () => streams.check(),
    atEnd,
  );
  const isSecure = options.tls !== undefined || publicOrigin?.startsWith("https:") === true;
  const app = createWebApp({
    routes: withDocument(
      [...signInRoutes(desk), ...auditRoutes(audited), ...parts.flatMap(({ routes }) => routes)],
      version,
    ),
    askers,
    cookie: new SessionCookie(isSecure),
    isOwnHost: ownHosts(listen.host, publicOrigin),
    publicOrigin,
    isProxy,
    audit,
    streams,
    probes: {
      unready: () => whyUnready(surroundings),
      metrics: surroundings.metricsText,
      hasOpenMetrics: isLoopback(listen.host) && publicOrigin === undefined,
    },
    page: await readPageFiles(nodeDisk, fileURLToPath(new URL("dist/console", packageFolder()))),
    logger,
  });
  let port: ConsolePort | undefined;
  const tls = await consoleTls(surroundings, (next) => port?.renew(next), atEnd);
  port = await keepListening({ app, listen, tls, isKnownName, isProxy, clock, logger });
  // Pages hear that it stops before their lines end.
  atEnd(async () => {
    streams.stop();
    await port?.stop();
  });
  const url = (): string | undefined => {
    if (publicOrigin !== undefined) return publicOrigin;
    const address = port?.address();
    if (!address) return undefined;
    const host = wildcards.has(address.host) ? "127.0.0.1" : address.host;
    return `${tls ? "https" : "http"}://${formatListenAddress({ host, port: address.port })}`;
  };
  return {
    url,
    link: (name) => {
      const base = url();
      return base && `${base}/#token=${links.make(name.slice(0, 64) || "admin")}`;
    },
  };
}

function firstOf<T, R>(all: readonly T[], of: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = of(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
