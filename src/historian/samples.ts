import type { EventOf } from "../core/event.ts";
import type { Measurement } from "../core/measurement.ts";
import { isWritable } from "./value-field.ts";

/** Of an event, what history keeps: each metric once, the last of its name, and only finite numbers. */
export function samplesOf({ data }: EventOf<"measurement">): readonly Measurement[] {
  if (data.length === 1 && isKept(data[0])) return data;
  const byName = new Map<string, Measurement>();
  for (const measurement of data)
    if (isKept(measurement)) byName.set(seriesWithin(measurement), measurement);
  return byName.size === data.length ? data : [...byName.values()];
}

/** Two of one event with the same would be one point. */
function seriesWithin({ name, quality, unit }: Measurement): string {
  return `${quality} ${unit ?? ""} ${name}`;
}

function isKept(measurement: Measurement | undefined): boolean {
  return measurement !== undefined && isWritable(measurement.value);
}

/** Where values stand that nobody should average: beside the others, not among them. */
export function sampleMeasurement({ quality }: Pick<Measurement, "quality">): string {
  return quality === "bad" ? "bad_samples" : "samples";
}
