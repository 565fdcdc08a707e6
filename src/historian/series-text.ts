/** What the lines of a series begin with, up to their fields: made once, since it comes with every value. */
import type { Origin } from "../core/event.ts";
import type { Measurement } from "../core/measurement.ts";
import { sampleMeasurement } from "./samples.ts";
import { tag } from "./tag-text.ts";

/** A device may name its metrics as it likes; all texts are given up where they would be more. */
const mostCharacters = 32 * 1_048_576;

interface SeriesText extends Pick<Measurement, "quality" | "unit"> {
  readonly device: string;
  readonly text: string;
}

/** Events of one device that were read one after the other share the object of their origin. */
let known = new WeakMap<Origin, Map<string, SeriesText>>();
let characters = 0;

/** `samples,device=...,unit=...` of a value that a device measured. */
export function seriesText(
  origin: Origin,
  device: string,
  { name, quality, unit }: Measurement,
): string {
  const before = known.get(origin)?.get(name);
  if (before?.device === device && before.quality === quality && before.unit === unit)
    return before.text;
  const who = `${tag("device", device)}${tag("gateway", origin.gateway)}${tag("metric", name)}`;
  const where = `,quality=${quality}${tag("site", origin.site)}${tag("unit", unit ?? "")}`;
  const text = `${sampleMeasurement({ quality })}${who}${where}`;
  const made = unit === undefined ? { device, quality, text } : { device, quality, unit, text };
  keep(origin, name, made);
  return text;
}

function keep(origin: Origin, name: string, made: SeriesText): void {
  characters += name.length + made.text.length;
  if (characters > mostCharacters) {
    known = new WeakMap();
    characters = name.length + made.text.length;
  }
  const texts = known.get(origin) ?? new Map<string, SeriesText>();
  known.set(origin, texts.set(name, made));
}
