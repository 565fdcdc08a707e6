import { commandStates } from "./command.ts";
import type { EventKind } from "./event-kind.ts";
import { isObject } from "./is-object.ts";
import { isMoment } from "./moment.ts";
import { isTransition } from "./transition-shape.ts";

/**
 * True when the body of an event has what its kind is read for. A body that lacks it would go
 * through every reader into memories that are kept, so it is refused at the border. Kinds that are
 * only handed on are not looked into.
 */
export function fitsKind(
  kind: Exclude<EventKind, "measurement">,
  body: Readonly<Record<string, unknown>>,
): boolean {
  switch (kind) {
    case "gap":
      return isListOf(body["ranges"], isRange);
    case "watermark":
      return isWatermark(body);
    case "device":
      return isDeviceRecord(body);
    case "decision":
      return isListOf(body["rejections"], (id) => typeof id === "string");
    case "reply":
      return isReply(body);
    case "alert-transition":
      return isTransition(body);
    default:
      return true;
  }
}

function isWatermark({ heardMs, t }: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof t === "number" &&
    isMoment(t) &&
    (heardMs === undefined || (typeof heardMs === "number" && heardMs >= 0))
  );
}

function isReply({
  command,
  final,
  name,
  state,
  step,
}: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof command === "string" &&
    typeof name === "string" &&
    commandStates.some((one) => one === state) &&
    Number.isSafeInteger(step) &&
    typeof final === "boolean"
  );
}

function isRange(value: unknown): boolean {
  if (!isObject(value) || typeof value["run"] !== "string") return false;
  return [value["from"], value["to"], value["count"]].every(Number.isSafeInteger);
}

function isDeviceRecord({
  attrs,
  device,
  intervalMs,
  metrics,
  profile,
  tags,
}: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof device === "string" &&
    typeof profile === "string" &&
    (intervalMs === undefined || Number.isFinite(intervalMs)) &&
    isObject(tags) &&
    Object.values(tags).every((tag) => typeof tag === "string") &&
    isObject(attrs) &&
    Object.values(attrs).every((attr) => ["number", "boolean", "string"].includes(typeof attr)) &&
    isListOf(metrics, (metric) => isObject(metric) && typeof metric["name"] === "string")
  );
}

function isListOf(value: unknown, fits: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}
