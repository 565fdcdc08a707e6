/** The whole state of an engine as plain JSON: what a checkpoint keeps. */
import type { DeviceRecord } from "../core/device.ts";
import type { DeviceId, GatewayId, SiteId } from "../core/ids.ts";
import { listText } from "../core/list-text.ts";
import type { DepartedState } from "./departed-names.ts";
import type { ClockState } from "./device-clock.ts";
import type { OfflineState } from "./gateway-offline.ts";
import type { LagEntry } from "./lag-memory.ts";
import type { ListeningState } from "./listening.ts";
import type { MetricState } from "./metric-line.ts";
import type { PendingSample } from "./pending-sample.ts";
import type { Dismissed } from "./rule-desk.ts";
import type { TransitionDraft } from "./transition.ts";
import type { SavedWatch } from "./watch.ts";

/** Raised when the meaning of a field changes; an older snapshot is then of no use. */
const snapshotVersion = 1;

export interface EngineSnapshot {
  readonly version: typeof snapshotVersion;
  /** `rev` of the rule set it was made under. */
  readonly rules: string;
  readonly gateways: readonly GatewaySnapshot[];
  /** Gateways that are gone; absent for none. */
  readonly departed?: DepartedState<GatewayId>;
}

export interface GatewaySnapshot extends OfflineState {
  readonly site: SiteId;
  readonly gateway: GatewayId;
  /** The last watermark; absent before the first. */
  readonly t?: number;
  readonly listening?: ListeningState;
  /** The last that it said is that it stops. */
  readonly stopped?: true;
  readonly devices: readonly DeviceSnapshot[];
  /** Devices that are gone; absent for none. */
  readonly departed?: DepartedState<DeviceId>;
  /** Episodes that the next watermark ends; in snapshots of the first version without a reason. */
  readonly removed: readonly (Dismissed | TransitionDraft)[];
  /** Transitions that the next event gives out, found when the rules were edited. */
  readonly found?: readonly TransitionDraft[];
}

export interface DeviceSnapshot {
  readonly device: DeviceId;
  readonly record?: DeviceRecord;
  /** As its events say; with its version. */
  readonly profile?: string;
  /** When it was first spoken of, gateway time. */
  readonly first: number;
  /** When its last word was received. */
  readonly alive?: number;
  /** How long nobody listened since; absent for not at all. */
  readonly deaf?: number;
  /** Its clock; in snapshots of the first version time of its newest sample, and lags. */
  readonly clock?: ClockState;
  readonly last?: number;
  readonly lags?: readonly LagEntry[];
  /** It is offline, or silent for too long. */
  readonly gone?: boolean;
  /** The latest start of an episode of a watch that is gone. */
  readonly startedBefore?: number;
  /** Samples that were passed over; absent for none. */
  readonly passedOver?: number;
  /** In snapshots of the first version only the time of the newest sample per metric. */
  readonly metrics?: Readonly<Record<string, MetricState>>;
  readonly newest?: Readonly<Record<string, number>>;
  /** Metrics it sent that rules ask for. */
  readonly sent?: readonly string[];
  readonly pending?: readonly PendingSample[];
  readonly watches?: readonly SavedWatch[];
}

export function makeSnapshot(
  rules: string,
  gateways: readonly GatewaySnapshot[],
  departed: DepartedState<GatewayId> | undefined,
): EngineSnapshot {
  return { version: snapshotVersion, rules, gateways, ...(departed && { departed }) };
}

/** A gateway's part of a snapshot, its devices one by one as they are asked for. */
export interface GatewayParts {
  readonly head: Omit<GatewaySnapshot, "devices">;
  readonly devices: Iterable<DeviceSnapshot>;
}

/**
 * A snapshot as JSON text, in pieces of one device at most, each made when it is asked for. The
 * engine must not be fed until the last one was.
 */
export function* snapshotText(
  rules: string,
  gateways: Iterable<GatewayParts>,
  departed: DepartedState<GatewayId> | undefined,
): Generator<string, void, void> {
  yield `{"version":${snapshotVersion},"rules":${JSON.stringify(rules)},"gateways":[`;
  let isFirst = true;
  for (const { devices, head } of gateways) {
    yield `${isFirst ? "" : ","}{"devices":`;
    isFirst = false;
    yield* listText(devices);
    yield `,${JSON.stringify(head).slice(1)}`;
  }
  yield departed ? `],"departed":${JSON.stringify(departed)}}` : "]}";
}

/**
 * True for a snapshot of this version. Looks no deeper: a checkpoint is written by nobody but the
 * processor, and only as a whole.
 */
export function isEngineSnapshot(value: unknown): value is EngineSnapshot {
  if (typeof value !== "object" || value === null) return false;
  return (
    "version" in value &&
    value.version === snapshotVersion &&
    "gateways" in value &&
    Array.isArray(value.gateways)
  );
}
