/**
 * From the time on a wall to the moment, in a zone with or without summer time.
 *
 * An hour that comes twice is told apart by what is known besides: a device does not read backwards,
 * and nothing is measured after it was received. Where that leaves both, the moment is marked.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { NamedZone } from "../../core/named-zone.ts";

/** How far east of UTC a zone is: always so far, or by its name. */
export type Zone = number | NamedZone;

/** What tells the two passes of an hour apart. */
export interface Order {
  /** The latest time that the device has told so far. */
  readonly lastMs: EpochMs | undefined;
  /** Nothing is later: the time of receipt with the skew that is allowed. */
  readonly latestMs: EpochMs;
  /** Set where both passes may be meant. */
  uncertain: boolean;
}

/** Two passes of an hour are never further apart, and neither are two readings that follow. */
const hourMs = 3_600_000;

/** The moment of a time on a wall in a zone. */
export function toMoment(localMs: number, zone: Zone, order?: Order): EpochMs {
  if (typeof zone === "number") return localMs - zone;
  const early = zone.momentOf(localMs);
  const late = zone.secondMomentOf(localMs);
  return late === undefined ? early : tellApart(early, late, order);
}

function tellApart(early: EpochMs, late: EpochMs, order: Order | undefined): EpochMs {
  if (order === undefined) return early;
  if (late > order.latestMs) return early;
  const { lastMs } = order;
  if (lastMs !== undefined && lastMs > early && lastMs <= late) return late;
  if (lastMs !== undefined && lastMs <= early && early - lastMs < hourMs) return early;
  order.uncertain = true;
  return early;
}
