/** One device as one line of the registry's file. */
import { isId, toDeviceId } from "../../core/ids.ts";
import { isObject } from "../../core/is-object.ts";
import type { Quality } from "../../core/measurement.ts";
import { type DeviceEntry, type LastMisfit, type LastValue, newEntry } from "./device-entry.ts";

type Fields = Readonly<Record<string, unknown>>;

export function formatEntry({ edition: _, misfits, values, ...facts }: DeviceEntry): string {
  const rows = [...values].map(([name, { quality, receivedMs, timeMs, unit, value }]) => [
    ...[name, value, unit ?? null, quality, timeMs, receivedMs],
  ]);
  return JSON.stringify({ ...facts, values: rows, misfits });
}

/** Undefined for a line that is none. */
export function parseEntry(line: string): DeviceEntry | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(fields)) return undefined;
  const { device, firstMs, isClockSuspect, link, profile, topic } = fields;
  if (typeof device !== "string" || !isId(device) || typeof firstMs !== "number") return undefined;
  return {
    ...newEntry(toDeviceId(device), firstMs, 0),
    profile: typeof profile === "string" ? profile : undefined,
    topic: typeof topic === "string" ? topic : undefined,
    lifeMs: numberIn(fields, "lifeMs"),
    changedMs: numberIn(fields, "changedMs"),
    spacingMs: numberIn(fields, "spacingMs"),
    isClockSuspect: isClockSuspect === true,
    link: isObject(link) ? toLink(link) : undefined,
    linkMs: numberIn(fields, "linkMs") ?? 0,
    events: numberIn(fields, "events") ?? 0,
    rejected: numberIn(fields, "rejected") ?? 0,
    repeats: numberIn(fields, "repeats") ?? 0,
    values: new Map(listIn(fields, "values").flatMap(toValue)),
    misfits: listIn(fields, "misfits").flatMap(toMisfit),
  };
}

function toLink({ cause, state }: Fields): DeviceEntry["link"] {
  const isState = state === "online" || state === "offline" || state === "unknown";
  return isState && typeof cause === "string" ? { state, cause } : undefined;
}

function toValue(row: unknown): [string, LastValue][] {
  const fields: readonly unknown[] = Array.isArray(row) ? row : [];
  const [name, value, unit, quality, timeMs, receivedMs] = fields;
  if (typeof name !== "string" || typeof timeMs !== "number") return [];
  if (typeof receivedMs !== "number" || !isQuality(quality)) return [];
  if (typeof value !== "number" && typeof value !== "boolean" && typeof value !== "string")
    return [];
  const known = typeof unit === "string" ? unit : undefined;
  return [[name, { value, unit: known, quality, timeMs, receivedMs }]];
}

function toMisfit(value: unknown): LastMisfit[] {
  if (!isObject(value)) return [];
  const { count, lastMs, reason } = value;
  if (typeof reason !== "string" || typeof count !== "number" || typeof lastMs !== "number")
    return [];
  return [{ reason, count, lastMs }];
}

function isQuality(value: unknown): value is Quality {
  return value === "good" || value === "uncertain" || value === "bad";
}

function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === "number" ? value : undefined;
}

function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}
