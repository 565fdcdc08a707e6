/** The whole state of an engine as plain JSON, at once or in parts: what a checkpoint keeps. */
import type { DeviceRecord } from "../core/device.ts";
import type { DeviceId, GatewayId, SiteId } from "../core/ids.ts";
import { escapeToken } from "../core/token.ts";
import type { ClockState } from "./clocks/device-clock.ts";
import type { LagEntry } from "./clocks/lag-memory.ts";
import type { DepartedState } from "./devices/departed-names.ts";
import type { ListeningState } from "./devices/listening.ts";
import type { MetricState } from "./devices/metric-line.ts";
import type { PendingSample } from "./devices/pending-sample.ts";
import type { EdgeAlertsState } from "./edge-alerts.ts";
import type { GatewayAlarmsState } from "./reserved/gateway-alarms.ts";
import type { Dismissed } from "./rule-desk.ts";
import type { RecordState } from "./series/record-series.ts";
import type { MemberState } from "./together/group-member.ts";
import type { SavedGroup } from "./together/saved-group.ts";
import type { SiteLineState } from "./together/site-line.ts";
import type { SavedWatch } from "./watches/watch.ts";
import type { TransitionDraft } from "./words/transition.ts";

/** Raised when the meaning of a field changes; an older snapshot is then of no use. */
const snapshotVersion = 1;

export interface EngineSnapshot {
  readonly version: typeof snapshotVersion;
  /** `rev` of the rule set it was made under. */
  readonly rules: string;
  readonly gateways: readonly GatewaySnapshot[];
  /** Gateways that are gone; absent for none. */
  readonly departed?: DepartedState<GatewayId>;
  /** What gateways found themselves and is open; absent for nothing. */
  readonly edge?: readonly EdgeAlertsState[];
  /** Rules about all gateways of a site; absent for none. */
  readonly sites?: readonly SiteLineState[];
}

export interface GatewaySnapshot extends GatewayAlarmsState {
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
  /** Its series; absent for none. */
  readonly records?: readonly RecordState[];
  /** Rules about many of its devices; absent for none. */
  readonly groups?: readonly SavedGroup[];
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
  /** It is back since the last watermark, from this moment of its line on. */
  readonly back?: number;
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
  /** Its series; absent for none. */
  readonly records?: readonly RecordState[];
  /** Its part in rules about many devices; absent for none. */
  readonly groups?: readonly MemberState[];
}

/** A gateway's part of a snapshot without its devices. */
export type GatewayHead = Omit<GatewaySnapshot, "devices">;

/** A snapshot without devices. */
export interface EngineHead extends Omit<EngineSnapshot, "gateways"> {
  readonly gateways: readonly GatewayHead[];
}

/** Some devices of a gateway, saved together. */
export interface MemoryPart {
  /** `<gateway>.<number>`, escaped. */
  readonly name: string;
  /** False where it says what it said when it was last asked for. */
  readonly isChanged: boolean;
  /** The devices as JSON. */
  text(): string;
}

/** The whole state in parts. */
export interface EngineMemory {
  readonly head: EngineHead;
  /** All that there are, in an order that counts. */
  readonly parts: Iterable<MemoryPart>;
}

export function makeHead<Gateway extends GatewayHead>(
  rules: string,
  gateways: readonly Gateway[],
  departed: DepartedState<GatewayId> | undefined,
  edge: readonly EdgeAlertsState[] | undefined,
  sites: readonly SiteLineState[],
): EngineHead & { readonly gateways: readonly Gateway[] } {
  return {
    version: snapshotVersion,
    rules,
    gateways,
    ...(departed && { departed }),
    ...(edge && { edge }),
    ...(sites.length > 0 && { sites }),
  };
}

/**
 * Puts together what was saved in parts; undefined where the head is none of this version. A head of
 * the first version has its devices in itself. Looks no deeper: a checkpoint is written by nobody
 * but the processor, and only as a whole.
 */
export function joinMemory(
  head: unknown,
  parts: ReadonlyMap<string, unknown>,
): EngineSnapshot | undefined {
  if (!isHead(head)) return undefined;
  const devices = new Map<string, DeviceSnapshot[]>();
  for (const [name, part] of parts) {
    const gateway = name.slice(0, name.indexOf("."));
    const known = devices.get(gateway) ?? [];
    devices.set(gateway, known);
    if (Array.isArray(part)) for (const device of part) known.push(device);
  }
  const gateways = head.gateways.map((each) => ({
    devices: devices.get(escapeToken(each.gateway)) ?? [],
    ...each,
  }));
  return { ...head, gateways };
}

function isHead(value: unknown): value is EngineHead {
  if (typeof value !== "object" || value === null) return false;
  return (
    "version" in value &&
    value.version === snapshotVersion &&
    "gateways" in value &&
    Array.isArray(value.gateways)
  );
}
