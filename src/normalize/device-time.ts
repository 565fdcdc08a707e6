/**
 * The time of an event: the device's own where it can be believed, else the time of receipt.
 *
 * A device clock that is ahead would carry the device's line of event time into the future, and one
 * that was never set, or forgot the time, would hold it back for years; both are replaced and the
 * original is kept. A clock that is merely behind is believed: late uploads look the same.
 */
import type { EpochMs } from "../core/clock.ts";
import type { ClockQuality } from "../core/event.ts";
import { type Path, readPath } from "./path.ts";
import { parseRfc3339 } from "./rfc3339.ts";

export const timeFormats = ["rfc3339", "epoch_s", "epoch_ms", "epoch_us"] as const;
export type TimeFormat = (typeof timeFormats)[number];

/** Where a profile says the device's time is found. */
export interface TimeMapping {
  readonly path: Path;
  readonly format: TimeFormat;
  /** Of texts without a zone: milliseconds east of UTC. */
  readonly zoneMs?: number;
  /** Older than this is no reading but a wrong clock; in place of what the configuration says. */
  readonly maxAgeMs?: number;
}

/** The time fields of an event. */
export interface EventTime {
  readonly timeMs: EpochMs;
  readonly clock: ClockQuality;
  /** What the device said, where it was not believed. */
  readonly deviceTimeMs?: EpochMs;
}

/** The last moment that has a four-digit year. */
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const unitsPerMs = { epoch_s: 1e-3, epoch_ms: 1, epoch_us: 1e3 };

/**
 * What the device says the time is, in whole milliseconds; undefined where it says nothing, or
 * nothing that is a time.
 */
export function readDeviceTime(
  mapping: TimeMapping,
  root: unknown,
  whole: unknown = root,
): EpochMs | undefined {
  const value = readPath(mapping.path, root, whole);
  let timeMs: number | undefined;
  if (mapping.format === "rfc3339") {
    if (typeof value === "string") timeMs = parseRfc3339(value, mapping.zoneMs);
  } else if (typeof value === "number") timeMs = Math.round(value / unitsPerMs[mapping.format]);
  return timeMs !== undefined && timeMs >= 0 && timeMs <= latestMs ? timeMs : undefined;
}

/** Decides between the device's time and the time of receipt. */
export function chooseTime(
  deviceTimeMs: EpochMs | undefined,
  receivedMs: EpochMs,
  clockSynced: boolean,
  maxSkewMs: number,
  maxAgeMs: number,
): EventTime {
  const clock = clockSynced ? "gateway" : "unsynced";
  if (deviceTimeMs === undefined) return { timeMs: receivedMs, clock };
  const aheadMs = deviceTimeMs - receivedMs;
  const believed = clockSynced && aheadMs <= maxSkewMs && aheadMs >= -maxAgeMs;
  return believed
    ? { timeMs: deviceTimeMs, clock: "device" }
    : { timeMs: receivedMs, clock, deviceTimeMs };
}
