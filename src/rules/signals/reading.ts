import type { Measurement } from "../../core/measurement.ts";

/** Beyond it no sum of squares is finite any more, and no sensor measures it. */
const largest = 1e100;

/** The number that was read; undefined for what is none, or too large to reckon with. */
export function readingOf({ value }: Measurement): number | undefined {
  return typeof value === "number" && Math.abs(value) <= largest ? value : undefined;
}
