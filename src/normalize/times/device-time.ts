/**
 * The time of an event: the device's own where it can be believed, else the time of receipt.
 *
 * A device clock that is ahead would carry the device's line of event time into the future, and one
 * that was never set, or forgot the time, would hold it back for years; both are replaced and the
 * original is kept. A clock that is merely behind is believed: late uploads look the same.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { ClockQuality } from "../../core/event.ts";
import { type Path, readPath } from "../paths/path.ts";
import type { Order } from "./zone.ts";

/** One place where a profile says that the device's time is found. */
export interface TimeMapping {
  readonly path: Path;
  /** What the value there means, in ms; undefined where it is no time. Never throws. */
  readonly read: (value: unknown, order?: Order) => EpochMs | undefined;
  /** What a text shows whose zone nobody knows, as if it were UTC; absent where a zone is known. */
  readonly readWall?: (value: unknown) => number | undefined;
  /** Its zone may have an hour that comes twice. */
  readonly ordered: boolean;
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

/** What a device says that the time is, and by which of the places that its profile names. */
export interface DeviceTime {
  readonly timeMs: EpochMs;
  readonly mapping: TimeMapping;
}

/** By the first place that leads to a time; undefined where none does. */
export function readDeviceTime(
  mappings: readonly TimeMapping[],
  root: unknown,
  whole: unknown,
  order?: Order,
): DeviceTime | undefined {
  for (let at = 0; at < mappings.length; at += 1) {
    const mapping = mappings[at];
    if (mapping === undefined) continue;
    const timeMs = mapping.read(readPath(mapping.path, root, whole), order);
    if (timeMs !== undefined && timeMs >= 0 && timeMs <= latestMs) return { timeMs, mapping };
  }
  return undefined;
}

/** What a clock of an unknown zone shows; undefined where the message has no such time. */
export function readWallTime(
  mappings: readonly TimeMapping[],
  root: unknown,
  whole: unknown,
): number | undefined {
  for (let at = 0; at < mappings.length; at += 1) {
    const mapping = mappings[at];
    const wallMs = mapping?.readWall?.(readPath(mapping.path, root, whole));
    if (wallMs !== undefined) return wallMs;
  }
  return undefined;
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
