/** What the web app is made of. */
import type { Hono } from "hono";
import type { Audit } from "../core/audit.ts";
import type { Logger } from "../core/logger.ts";
import type { StreamDesk } from "./live/stream-desk.ts";
import type { PageFiles } from "./page/page-files.ts";
import type { Route } from "./route.ts";
import type { IsOwnHost } from "./sign-in/own-host.ts";
import type { SessionCookie } from "./sign-in/session-cookie.ts";
import type { KnownAskers } from "./sign-in/who-asks.ts";
import type { IsTrustedProxy } from "./trusted-proxies.ts";
import type { WebBindings } from "./web-request.ts";

/** All routes are below it. */
export const apiRoot = "/api/v1";

export interface WebAppParts {
  readonly routes: readonly Route[];
  readonly askers: KnownAskers;
  readonly cookie: SessionCookie;
  readonly isOwnHost: IsOwnHost;
  /** As browsers see us, where a proxy stands before us. */
  readonly publicOrigin: string | undefined;
  /** Undefined where no proxy stands before us. */
  readonly isProxy?: IsTrustedProxy | undefined;
  readonly audit: Audit;
  readonly streams: StreamDesk;
  readonly probes: ProbeParts;
  readonly page: PageFiles;
  readonly logger: Logger;
}

/** What machines ask that watch over processes. */
export interface ProbeParts {
  /** Why it is not ready yet, in words; undefined where it is. */
  readonly unready: () => string | undefined;
  /** Figures in the words of Prometheus. */
  readonly metrics: () => string;
  /** Figures are for anybody who reaches the port; otherwise for who may look. */
  readonly hasOpenMetrics: boolean;
}

export type WebApp = Hono<{ Bindings: WebBindings }>;
