import type { AuditDesk } from "../../api/routes/audit-routes.ts";
import type { AtEnd } from "../../core/open-parts.ts";
import type { Questions } from "../../core/question.ts";
import type { GatewayFacts } from "../gateway-facts.ts";
import type { RoleSurroundings } from "../role.ts";
import type { HubStatus } from "./status/status-desk.ts";
import type { WebPart } from "./web-part.ts";

/** What parts are made of: all of the process, once its roles are started. */
export interface WebSurroundings extends RoleSurroundings {
  /** By name. */
  readonly roles: readonly string[];
  /** Of all roles, as the status socket says it. */
  readonly status: () => object;
  /** What its gateway shows beside; undefined where it runs none. */
  readonly gateway: GatewayFacts | undefined;
  /** What its hub knows better of how all is; undefined where this process does not read the streams. */
  readonly hubStatus: (() => HubStatus) | undefined;
  /** The configuration file of its site. */
  readonly configPath: string;
  /** All figures of the process, in the words of Prometheus. */
  readonly metricsText: () => string;
  /** What was audited. */
  readonly audited: AuditDesk;
  /** Those of all roles. */
  readonly questions: Questions;
}

/** Makes a part; undefined where this process has nothing of it. */
export type OpenWebPart = (
  surroundings: WebSurroundings,
  atEnd: AtEnd,
) => Promise<WebPart | undefined> | WebPart | undefined;
