import type { LocatedFault } from "../config/located-fault.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import type { Audit } from "../core/audit.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Questions } from "../core/question.ts";
import type { Random } from "../core/retry.ts";
import type { SpanSink } from "../core/span.ts";
import type { TapHub } from "../telemetry/tap-hub.ts";
import type { GatewayFacts } from "./gateway-facts.ts";
import type { HubStatus } from "./web/status/status-desk.ts";
import type { WebPart } from "./web/web-part.ts";

/** One role of a process, started. */
export interface Role {
  /** For `sluicegate status`; an object of plain values. */
  status(): object;
  /** What may be asked of it on the status socket; no two roles know the same question. */
  readonly questions?: Questions;
  /** What else a gateway shows of itself. */
  readonly gateway?: GatewayFacts;
  /** What only who reads the streams knows of how all is. */
  readonly hubStatus?: () => HubStatus;
  /** What it brings to the web server of its process, beside what its questions answer. */
  readonly web?: WebPart;
  /** Sets the gauges of what it only knows when it is asked; called before metrics are read. */
  measure?(): void;
  /** Goes on with what was read anew of its site, as far as it can without a restart. */
  reload?(site: LoadedSite): void;
  /** The files of its site were read again and have faults: it goes on as it was. */
  reloadRefused?(faults: readonly LocatedFault[]): void;
  /** Stops in reverse order of the start; what was acknowledged is safe before and after. */
  stop(): Promise<void>;
}

/** What every role of a process is built from. */
export interface RoleSurroundings {
  readonly site: LoadedSite;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  /** A journal whose lines name the room. */
  readonly logger: (room: string) => Logger;
  /** Who did what at this process, and who was refused. */
  readonly audit: Audit;
  readonly env: NodeJS.ProcessEnv;
  /** Where the backbone is; `backbone.servers` unless the process runs a server of its own. */
  readonly servers: readonly string[];
  /** Who watches what flows. */
  readonly taps: TapHub;
  /** Takes spans of what carries a trace; absent where nobody collects them. */
  readonly spans?: SpanSink | undefined;
  /** What may be asked of the roles of this process that are started by then. */
  readonly questionsHere: () => Questions;
  /** What a role of this process says of itself; undefined where there is none, or none yet. */
  readonly statusHere: (role: string) => object | undefined;
  /** What a gateway of this process shows; undefined where there is none, or none yet. */
  readonly gatewayHere: () => GatewayFacts | undefined;
  /** Go on behind a stream that a run unknown to this log has written. */
  readonly takeOver: boolean;
}

/** Starts a role; the backbone may be down for as long as it likes. */
export type OpenRole = (surroundings: RoleSurroundings) => Promise<Role>;
