import type { EventOf } from "../core/event.ts";
import type { Measurement } from "../core/measurement.ts";
import { isWritable } from "./value-field.ts";

/** Of an event, what history keeps: each metric once, the last of its name, and only finite numbers. */
export function samplesOf({ data }: EventOf<"measurement">): readonly Measurement[] {
  if (data.every(isKept) && areNamedApart(data)) return data;
  const byName = new Map<string, Measurement>();
  for (const measurement of data)
    if (isKept(measurement)) byName.set(seriesWithin(measurement), measurement);
  return byName.size === data.length ? data : [...byName.values()];
}

/** So many are compared one with another; more of them by what a map says. */
const fewMeasurements = 16;

/** True where no two have a name in common, which is what gateways write. */
function areNamedApart(data: readonly Measurement[]): boolean {
  if (data.length > fewMeasurements) return false;
  for (let at = 1; at < data.length; at += 1)
    for (let before = 0; before < at; before += 1)
      if (data[at]?.name === data[before]?.name) return false;
  return true;
}

/** Two of one event with the same would be one point. */
function seriesWithin({ name, quality, unit }: Measurement): string {
  return `${quality} ${unit ?? ""} ${name}`;
}

function isKept({ value }: Measurement): boolean {
  return isWritable(value);
}

/** Where values stand that nobody should average: beside the others, not among them. */
export function sampleMeasurement({ quality }: Pick<Measurement, "quality">): string {
  return quality === "bad" ? "bad_samples" : "samples";
}
