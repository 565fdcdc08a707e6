/** What a gateway shows of itself beside its status: for those who look at it from its own process. */
import type { LoadedSite } from "../config/site/load-site.ts";
import type { Origin } from "../core/event.ts";
import type { DeviceId } from "../core/ids.ts";
import type { LogAccounts } from "../core/log-accounts.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import type { Questions } from "../core/question.ts";
import type { FlowWatch } from "../gateway/flow-watch.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import type { DeviceChanges } from "../gateway/registry/device-changes.ts";
import type { DeviceFacts } from "../gateway/registry/show-device.ts";
import type { RejectedMessages } from "../gateway/rejected/rejected-messages.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { OpenEdgeRules } from "./edge-rules.ts";

/** All of it is of now, and reading it changes nothing. */
export interface GatewayFacts {
  readonly origin: Origin;
  readonly status: () => GatewayStatus;
  /** Its files as they were read last. */
  readonly site: () => LoadedSite;
  readonly flow: Pick<FlowWatch, "samples">;
  readonly devices: DeviceFacts;
  readonly changes: DeviceChanges;
  /** As its profile is now. */
  readonly known: (device: DeviceId) => KnownDevice | undefined;
  readonly log: ReadableLog & Pick<LogAccounts, "confirmed" | "state">;
  readonly edgeRules: Pick<OpenEdgeRules, "open" | "explain" | "status">;
  readonly rejected: RejectedMessages;
  readonly backbone: Backbone;
  readonly questions: Questions;
}
