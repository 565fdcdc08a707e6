/**
 * Readings that came a moment ago: the same one through a second radio is counted and not stored.
 *
 * A reading repeats another of its device when whatever it says at the places that its profile names
 * is what the other said. One that says nothing there adds nothing to the other.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { EpochMs } from "../core/clock.ts";
import type { DeviceId } from "../core/ids.ts";
import type { RepeatKey } from "../normalize/repeat.ts";

const mostDevices = 65_536;
/**
 * Of one device: radios that hear several of its readings bring them in any order. What it tells often
 * makes room for itself, and not by what it tells seldom.
 */
const mostReadings = 8;

interface Reading {
  readonly atMs: EpochMs;
  readonly values: readonly number[];
  readonly what: string;
}

export class Repeats {
  readonly #devices = new BoundedMap<DeviceId, Reading[]>(mostDevices);

  /** True when the reading is one of those; otherwise it is one from now on. */
  isRepeat(device: DeviceId, { values, what, withinMs }: RepeatKey, nowMs: EpochMs): boolean {
    const known = this.#devices.get(device);
    const readings = known ?? [];
    if (known === undefined) this.#devices.set(device, readings);
    const isSame = ({ atMs, values: others }: Reading): boolean =>
      Math.abs(nowMs - atMs) <= withinMs &&
      values.every((value, at) => value === 0 || value === others[at]);
    if (readings.some(isSame)) return true;
    readings.push({ atMs: nowMs, values, what });
    if (readings.length > mostReadings) readings.splice(leastMissed(readings), 1);
    return false;
  }
}

/** The oldest reading of what there are later ones of. */
function leastMissed(readings: readonly Reading[]): number {
  const at = readings.findIndex(({ what }, index) =>
    readings.some((later, place) => place > index && later.what === what),
  );
  return Math.max(at, 0);
}
