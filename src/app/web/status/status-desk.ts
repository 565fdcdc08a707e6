/** How the process is, in one row, out of what its roles say of themselves. */
import type { StatusDesk } from "../../../api/routes/status-routes.ts";
import type { GatewayNow, StatusRow, StatusSamples } from "../../../api/shapes/status.ts";
import type { Clock } from "../../../core/clock.ts";
import type { GatewayStatus } from "../../../gateway/gateway-status.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { samplesOf } from "./status-samples.ts";

/** What only the hub knows, or knows better: it stands in the place of the gateway's own. */
export type HubStatus = Partial<
  Pick<StatusRow, "hub" | "devices" | "alerts" | "historian" | "commands" | "deadLetters">
>;

export interface StatusParts {
  readonly clock: Clock;
  readonly version: string;
  readonly site: string;
  readonly roles: readonly string[];
  /** As the configuration names them. */
  readonly servers: readonly string[];
  /** Absent where this process runs no gateway. */
  readonly gateway?: GatewayFacts;
  readonly hub?: () => HubStatus;
  /** Open dead letters, once somebody has counted them. */
  readonly deadLetters?: () => StatusRow["deadLetters"] | undefined;
}

export function statusDesk(parts: StatusParts): StatusDesk {
  return {
    now: () => statusOf(parts),
    samples: (rangeMs) => samplesFor(parts, rangeMs),
  };
}

function statusOf(parts: StatusParts): StatusRow {
  const { clock, deadLetters, gateway, hub, roles, servers, site, version } = parts;
  const status = gateway?.status();
  return {
    atMs: clock.wallMs(),
    ...{ version, site, roles: [...roles] },
    gateway: status ? gatewayOf(status, servers) : null,
    hub: null,
    devices: status?.deviceStates ?? {},
    alerts: alertsOf(status),
    historian: null,
    commands: { open: status?.commands?.open ?? 0, waiting: status?.commands?.waiting ?? 0 },
    deadLetters: deadLetters?.() ?? { messages: 0, groups: 0 },
    ...hub?.(),
  };
}

/** Nobody acknowledges anything at a gateway. */
function alertsOf(status: GatewayStatus | undefined): StatusRow["alerts"] {
  const { critical = 0, info = 0, warning = 0 } = status?.edgeRules?.firing.counts ?? {};
  return { critical, warning, info, unacknowledged: critical };
}

function gatewayOf(status: GatewayStatus, servers: readonly string[]): GatewayNow {
  const { buffer, droppedBefore, flow, link, outlook } = status;
  const { rates } = flow;
  const held = Math.max(1, buffer.lastSeq - buffer.firstSeq + 1);
  const waitingShare = Math.min(1, buffer.waitingRecords / held);
  return {
    gateway: status.gateway,
    uptimeMs: status.uptimeMs,
    link: {
      word: link.word ?? "connecting",
      sinceMs: link.since,
      reason: reasonOf(status),
      servers: [...servers],
      server: link.server ?? null,
      nextTryMs: link.nextTryMs ?? null,
      lastAckMs: link.lastAckMs ?? null,
    },
    buffer: {
      events: buffer.waitingRecords,
      bytes: Math.round(buffer.sizeBytes * waitingShare),
      maxBytes: buffer.maxBytes,
      oldestMs: buffer.oldestWaitingMs ?? null,
      fullInMs: outlook?.fullInMs ?? null,
      goneInMs: outlook?.goneInMs ?? null,
    },
    flow: {
      inPerS: rates?.receivedPerSecond ?? 0,
      outPerS: rates?.sentPerSecond ?? 0,
      windowMs: rates?.windowMs ?? 0,
      received: flow.received,
      rejected: flow.rejected,
      late: flow.late ?? 0,
      repeats: flow.repeats ?? 0,
      passedOver: flow.passedOver ?? 0,
      dropped: buffer.droppedRecords,
      droppedBefore,
    },
    sources: status.sources.map(sourceOf),
  };
}

/** What is wrong: with the disk first, since then nothing is taken at all. */
function reasonOf({ buffer, link }: GatewayStatus): string | null {
  return buffer.trouble ?? link.reason ?? null;
}

function sourceOf(source: GatewayStatus["sources"][number]): GatewayNow["sources"][number] {
  const { address, holding, link, name, refusals = [] } = source;
  const refused = refusals.reduce((sum, { count }) => sum + count, 0);
  const state = link && (link.isConnected ? "up" : (link.reason ?? "not connected"));
  return { name, address, holding, link: state ?? null, refused };
}

function samplesFor({ clock, gateway }: StatusParts, rangeMs: number): StatusSamples {
  const empty = { stepMs: 1_000, atMs: [], inPerS: [], outPerS: [], backlog: [], outages: [] };
  if (gateway === undefined) return empty;
  return samplesOf(gateway.flow.samples.last(rangeMs, clock.monotonicMs()));
}
