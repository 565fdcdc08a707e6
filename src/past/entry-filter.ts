/** Which entries of the past a person asks for. */
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { type EventKind, isEventKind } from "../core/event-kind.ts";
import { matchesGlob } from "../core/glob.ts";
import { toDeviceId } from "../core/ids.ts";
import { deviceToken, gatewaySubjectPrefix, gatewaySubjects } from "../core/subject.ts";
import type { OtherKind, PastEntry, Told } from "./past-entry.ts";

export type PastKind = EventKind | OtherKind;

export interface EntryFilter {
  /** Patterns of names. */
  readonly device?: string | undefined;
  readonly gateway?: string | undefined;
  readonly site?: string | undefined;
  /** Only what measures such a metric. */
  readonly metric?: string | undefined;
  readonly kinds: ReadonlySet<PastKind>;
  /** Received then or later, and before. */
  readonly sinceMs: EpochMs;
  readonly untilMs: EpochMs;
}

/** What of an entry decides. */
export type Judged = Pick<PastEntry, "told" | "site" | "gateway" | "device" | "receivedMs">;

/** True for an entry that is asked for. */
export function isWanted(entry: Judged, filter: EntryFilter): boolean {
  const { device, gateway, metric, site } = filter;
  if (!filter.kinds.has(entry.told.kind)) return false;
  if (entry.receivedMs < filter.sinceMs || entry.receivedMs >= filter.untilMs) return false;
  return (
    fits(site, entry.site) &&
    fits(gateway, entry.gateway) &&
    fits(device, entry.device) &&
    (metric === undefined || metricsOf(entry.told).some((name) => matchesGlob(metric, name)))
  );
}

function fits(glob: string | undefined, name: string | null): boolean {
  return glob === undefined || (name !== null && matchesGlob(glob, name));
}

function metricsOf(told: Told): readonly string[] {
  if (told.kind === "derived") return [told.value.metric, told.value.series];
  if (told.kind === "alert") return [told.transition.labels["metric"] ?? ""];
  if (!("event" in told) || told.event.kind !== "measurement") return [];
  return told.event.data.map(({ name }) => name);
}

/** The subjects of one gateway that can hold what is asked for: the server leaves out the others. */
export function subjectsOf(origin: Origin, { device, kinds }: EntryFilter): string {
  const [kind, ...others] = [...kinds].filter(isEventKind);
  const isOneDevice = device !== undefined && !/[*?]/.test(device);
  const who = isOneDevice ? deviceToken(toDeviceId(device)) : "*";
  const what = kind !== undefined && others.length === 0 ? kind : "*";
  if (who === "*" && what === "*") return gatewaySubjects(origin.site, origin.gateway);
  return `${gatewaySubjectPrefix(origin.site, origin.gateway)}${who}.${what}`;
}
