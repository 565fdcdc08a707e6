/** The web server of a process, joined by hand: who may ask, what is served, what changes live. */
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { FrameRing } from "../api/live/frame-ring.ts";
import { LiveHub } from "../api/live/live-hub.ts";
import { StreamDesk } from "../api/live/stream-desk.ts";
import { TopicShelf } from "../api/live/topic-shelf.ts";
import { readPageFiles } from "../api/page/page-files.ts";
import { signInRoutes } from "../api/routes/sign-in-routes.ts";
import { OneTimeLinks } from "../api/sign-in/one-time-links.ts";
import { ownHosts } from "../api/sign-in/own-host.ts";
import { SessionBook } from "../api/sign-in/session-book.ts";
import { SessionCookie } from "../api/sign-in/session-cookie.ts";
import { createWebApp } from "../api/web-app.ts";
import { nodeDisk } from "../buffer/disk.ts";
import { packageFolder } from "../config/site/package-folder.ts";
import { formatListenAddress, isLoopback, type ListenAddress } from "../core/listen-address.ts";
import { type AtEnd, openParts } from "../core/open-parts.ts";
import { newRun } from "./new-run.ts";
import { keepListening } from "./web/keep-listening.ts";
import { signInDesk } from "./web/sign-in-desk.ts";
import type { WebPart, WebSurroundings } from "./web/web-part.ts";
import { webParts } from "./web/web-parts.ts";

/** The web server of a process. */
export interface Web {
  /** Where it is, for people; undefined while it cannot listen. */
  url(): string | undefined;
  /** The same, with what signs in whoever opens it within ten minutes, once. */
  link(): string | undefined;
  stop(): Promise<void>;
}

/** Opens it. A port that is taken does not keep a process from its work: it is tried again. */
export async function openWeb(
  surroundings: WebSurroundings,
  listen: ListenAddress,
  fromRoles: readonly WebPart[],
): Promise<Web> {
  const { parts, stop } = await openParts((atEnd) =>
    joinWeb(surroundings, listen, fromRoles, atEnd),
  );
  return { ...parts, stop };
}

async function joinWeb(
  surroundings: WebSurroundings,
  listen: ListenAddress,
  fromRoles: readonly WebPart[],
  atEnd: AtEnd,
): Promise<Omit<Web, "stop">> {
  const { clock, site } = surroundings;
  const logger = surroundings.logger("console");
  const options = site.config.console;
  const publicOrigin = options.public_url;
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
  atEnd(() => streams.stop());
  const { idle, most } = options.session;
  const sessions = new SessionBook(clock, { idleMs: idle, mostMs: most });
  const links = new OneTimeLinks(clock);
  const desk = signInDesk(surroundings, { sessions, links, ended: () => streams.check() });
  const isSecure = options.tls !== undefined || publicOrigin?.startsWith("https:") === true;
  const app = createWebApp({
    routes: [...signInRoutes(desk), ...parts.flatMap(({ routes }) => routes)],
    askers: { sessions, tokens: () => [], wallMs: () => clock.wallMs() },
    cookie: new SessionCookie(isSecure),
    isOwnHost: ownHosts(listen.host, publicOrigin),
    publicOrigin,
    streams,
    probes: {
      unready: () => undefined,
      metrics: surroundings.metricsText,
      hasOpenMetrics: isLoopback(listen.host) && publicOrigin === undefined,
    },
    page: await readPageFiles(nodeDisk, fileURLToPath(new URL("dist/console", packageFolder()))),
    logger,
  });
  const isBehindProxy = publicOrigin !== undefined;
  const port = await keepListening({ app, listen, isBehindProxy, clock, logger });
  atEnd(() => port.stop());
  const url = (): string | undefined => {
    const address = port.address();
    if (publicOrigin !== undefined) return publicOrigin;
    return address && `${isSecure ? "https" : "http"}://${formatListenAddress(address)}`;
  };
  return {
    url,
    link: () => {
      const base = url();
      return base && `${base}/#token=${links.make(userInfo().username)}`;
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
