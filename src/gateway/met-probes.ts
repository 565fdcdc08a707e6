/**
 * The metrics that devices have because of what is connected to them: a second probe gives names that
 * no profile can list. What is met once stays, so that a probe that falls out is still missed.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { DeviceRecord } from "../core/device.ts";
import type { DeviceId } from "../core/ids.ts";
import type { Measurement } from "../core/measurement.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Profile } from "../normalize/profile.ts";

/** A metric as the record of a device lists it. */
export type ListedMetric = DeviceRecord["metrics"][number];

/** What was met of one device. */
export interface DeviceProbes {
  readonly device: DeviceId;
  readonly metrics: readonly ListedMetric[];
}

/** More names of one device are stored and not listed. */
const mostPerDevice = 64;
/** Of all names together; what has no room is listed when it is met again. */
const mostCharacters = 8 * 2 ** 20;
/** What an entry takes beside its name. */
const entryCharacters = 64;

type Names = ReadonlyMap<string, ListedMetric>;

export class MetProbes {
  readonly #met = new BoundedMap<DeviceId, Names>(mostCharacters, weigh);
  /** The names that a profile lists itself; none where nothing in it is named by a probe. */
  readonly #listed = new WeakMap<Profile, ReadonlySet<string> | "no probes">();

  /** `earlier` is what an earlier process met. */
  constructor(earlier: readonly DeviceProbes[] = []) {
    for (const { device, metrics } of earlier) {
      const few = metrics.slice(0, mostPerDevice);
      this.#met.set(device, new Map(few.map((metric) => [metric.name, metric])));
    }
  }

  /** True where a name is new, to be told; costs next to nothing where none is. */
  meet({ id, profile }: KnownDevice, data: readonly Measurement[]): boolean {
    const listed = this.#listedBy(profile);
    if (listed === "no probes") return false;
    const known = this.#met.get(id);
    let more: Map<string, ListedMetric> | undefined;
    for (const { name, quality, unit } of data) {
      if (listed.has(name) || known?.has(name) || quality === "bad") continue;
      if ((more ?? known)?.size === mostPerDevice) break;
      more ??= new Map(known);
      more.set(name, unit === undefined ? { name } : { name, unit });
    }
    if (more !== undefined) this.#met.set(id, more);
    return more !== undefined;
  }

  /** The record of a device with what was met of it. */
  addTo(record: DeviceRecord): DeviceRecord {
    const met = this.#met.get(record.device);
    if (met === undefined) return record;
    const names = new Set(record.metrics.map(({ name }) => name));
    const others = [...met.values()].filter(({ name }) => !names.has(name));
    return { ...record, metrics: [...record.metrics, ...others] };
  }

  *all(): Iterable<DeviceProbes> {
    for (const [device, names] of this.#met.entries())
      yield { device, metrics: [...names.values()] };
  }

  forget(device: DeviceId): void {
    this.#met.delete(device);
  }

  #listedBy(profile: Profile): ReadonlySet<string> | "no probes" {
    const known = this.#listed.get(profile);
    if (known !== undefined) return known;
    const { metrics } = profile;
    const hasProbes = metrics.some(({ paths }) => paths.some((path) => path.wildcard === "key"));
    const listed = hasProbes ? new Set(metrics.map(({ name }) => name)) : "no probes";
    this.#listed.set(profile, listed);
    return listed;
  }
}

function weigh(_: DeviceId, names: Names): number {
  let characters = 0;
  for (const name of names.keys()) characters += name.length + entryCharacters;
  return characters;
}
