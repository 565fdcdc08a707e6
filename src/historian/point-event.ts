/** What points say, as the event that they were made of. */
import type { EventBodies, Status } from "../core/event.ts";
import type { Measurement, Quality } from "../core/measurement.ts";
import type { HistoryRow } from "./history-rows.ts";
import { readableName } from "./tag-text.ts";

export const sampleColumns = ["device", "metric", "quality", "unit", "value", "truth", "text"];
export const stateColumns = ["device", "online", "state", "cause", "client", "text"];

/** One value; undefined for a point that is none of ours. */
export function measurementOf({ columns }: HistoryRow): Measurement | undefined {
  const { metric, text, truth, value: number } = columns;
  const value = number ?? truth ?? text;
  if (typeof metric !== "string" || !isValue(value)) return undefined;
  const unit = columns["unit"];
  return {
    name: readableName(metric),
    ...(typeof unit === "string" && unit !== "" && { unit: readableName(unit) }),
    value,
    quality: qualityOf(columns["quality"]),
  };
}

export function statusOf({ columns }: HistoryRow): EventBodies["status"] {
  const { cause, client, online, state, text } = columns;
  return {
    state: stateOf(state ?? (online === true ? "online" : "offline")),
    cause: typeof cause === "string" ? cause : "reported",
    ...(typeof client === "string" && { client }),
    ...(typeof text === "string" && { text }),
  };
}

/** The device that a point is of; null for the gateway's own. */
export function deviceOf({ columns }: HistoryRow): string | null {
  const { device } = columns;
  return typeof device === "string" && device !== "" ? readableName(device) : null;
}

function isValue(value: unknown): value is Measurement["value"] {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string";
}

function qualityOf(value: unknown): Quality {
  return value === "bad" || value === "uncertain" ? value : "good";
}

function stateOf(value: unknown): Status["state"] {
  return value === "online" || value === "offline" ? value : "unknown";
}
