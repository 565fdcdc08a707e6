/** What one file of this folder brings to the web server. */
import type { Topic } from "../../api/live/topic.ts";
import type { TopicNamed } from "../../api/live/topic-shelf.ts";
import type { Route } from "../../api/route.ts";
import type { AuditDesk } from "../../api/routes/audit-routes.ts";
import type { AtEnd } from "../../core/open-parts.ts";
import type { Questions } from "../../core/question.ts";
import type { GatewayFacts } from "../gateway-facts.ts";
import type { RoleSurroundings } from "../role.ts";
import type { RoleName } from "../roles.ts";
import type { HubStatus } from "./status/status-desk.ts";

export interface WebPart {
  readonly routes: readonly Route[];
  /** Those that are always there. */
  readonly topics?: readonly Topic[];
  /** Those that are made when somebody asks for their name, such as `live:normalized?per_s=20`. */
  readonly topicNamed?: TopicNamed;
}

/** What parts are made of: all of the process, once its roles are started. */
export interface WebSurroundings extends RoleSurroundings {
  readonly roles: readonly RoleName[];
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
