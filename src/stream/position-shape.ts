/**
 * What was kept of reading, before anybody goes on from it: a bucket may have been written by another
 * version, by hand, or by a stranger.
 */
import { isObject } from "../core/is-object.ts";
import type { GatewayPosition } from "./gateway-reader.ts";
import type { EntryMark } from "./marked-reading.ts";

/** Many times what a reader keeps of one stream. */
const mostKept = 10_000;

export function isGatewayPosition(value: unknown): value is GatewayPosition {
  if (!isObject(value)) return false;
  const { holes, mark, runs, stray } = value;
  return (
    isPlace(mark) &&
    isRecord(mark) &&
    (stray === undefined || isPlace(stray)) &&
    Array.isArray(runs) &&
    runs.length <= mostKept &&
    runs.every(isRecord) &&
    Array.isArray(holes) &&
    holes.length <= mostKept &&
    holes.every(isHole)
  );
}

export function isEntryMark(value: unknown): value is EntryMark {
  return isObject(value) && isPlace(value) && typeof value["id"] === "string";
}

/** True where the check takes each value of an object. */
export function isObjectOf<T>(
  value: unknown,
  check: (one: unknown) => one is T,
): value is Record<string, T> {
  return isObject(value) && Object.values(value).every(check);
}

function isPlace(value: unknown): boolean {
  return isObject(value) && typeof value["created"] === "string" && isNumber(value["streamSeq"]);
}

function isRecord(value: unknown): boolean {
  return isObject(value) && typeof value["run"] === "string" && isNumber(value["seq"]);
}

function isHole(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { after, before, from, to } = value;
  return [after, before].every((run) => typeof run === "string") && [from, to].every(isNumber);
}

function isNumber(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
