/** What tells that a reading is one that came before, as through a second radio. */
import { hash53 } from "../core/hash53.ts";
import type { Measurement } from "../core/measurement.ts";
import { type Path, readPath } from "./paths/path.ts";

/** Where a profile says what is equal in two messages of one reading. */
export interface RepeatMapping {
  readonly withinMs: number;
  readonly by: readonly (Path | "payload" | "metrics")[];
}

/** What a reading says at these places, as numbers; 0 where it says nothing. */
export interface RepeatKey {
  readonly withinMs: number;
  readonly values: readonly number[];
  /** The first metric of the reading: a device may tell several things, each in its own time. */
  readonly what: string;
}

const encoder = new TextEncoder();

/** `root` is the member that was read, `whole` the message around it. */
export function readRepeat(
  { by, withinMs }: RepeatMapping,
  payload: Uint8Array,
  root: unknown,
  whole: unknown,
  measurements: readonly Measurement[],
): RepeatKey {
  const values = by.map((part) => {
    if (part === "payload") return hash53(payload);
    const value = part === "metrics" ? measurements : readPath(part, root, whole);
    return value === undefined || value === null ? 0 : hashOfValue(value);
  });
  return { withinMs, values, what: measurements[0]?.name ?? "" };
}

function hashOfValue(value: unknown): number {
  return hash53(encoder.encode(JSON.stringify(value) ?? ""));
}
