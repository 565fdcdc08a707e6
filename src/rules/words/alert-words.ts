/** What labels and annotations of a rule may speak of. */
import { formatDuration } from "../../core/duration.ts";
import { formatTime } from "../../core/event-codec.ts";
import { signOf } from "../../core/unit.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { Lookup, TemplateValue } from "./template.ts";

/** Paths that are known as soon as rule and device are; the only ones that labels may use. */
export const fixedPaths: readonly string[] = [
  "group",
  "alert",
  "site",
  "gateway",
  "metric",
  "device.id",
  "device.name",
  "device.profile",
];

/** Paths that differ from one transition to the next. */
export const changingPaths: readonly string[] = [
  "value",
  "limit",
  "unit",
  "expected",
  "score",
  "severity",
  "state",
  "started_at",
  "fired_at",
  "ended_at",
  "lasted",
];

/** True for paths into what the device's record says: `device.tags.line`, `device.attrs.floor`. */
export function isDevicePath(path: string): boolean {
  return /^device\.(?:tags|attrs)\../.test(path);
}

/** The metric of `m.i1`, which conditions over several have; undefined for other paths. */
export function metricOfPath(path: string): string | undefined {
  return path.startsWith("m.") ? path.slice("m.".length) : undefined;
}

/** The part of a rule that words may name. */
export interface RuleWords {
  readonly group: string;
  readonly alert: string;
  readonly metric: string | undefined;
}

/** The part of a transition that words may name. */
export interface ChangeWords {
  readonly value: number | boolean | string | undefined;
  readonly limit: TemplateValue;
  readonly unit: string | undefined;
  readonly expected?: number | undefined;
  readonly score?: number | undefined;
  /** The last values of the metrics that a condition looks at. */
  readonly readings?: ((metric: string) => TemplateValue) | undefined;
  readonly severity: string;
  readonly state: string;
  readonly startedMs: number;
  readonly firedMs: number;
  readonly endedMs: number | undefined;
  readonly atMs: number;
}

/** Answers the paths of one alert; without a change, only the fixed ones. */
export function lookupIn(rule: RuleWords, device: RuleDevice, change?: ChangeWords): Lookup {
  return (path) => {
    if (path.startsWith("device.tags.")) return device.tags[path.slice("device.tags.".length)];
    if (path.startsWith("device.attrs.")) return device.attrs[path.slice("device.attrs.".length)];
    const metric = metricOfPath(path);
    if (metric !== undefined) return change?.readings?.(metric);
    switch (path) {
      case "group":
        return rule.group;
      case "alert":
        return rule.alert;
      case "metric":
        return rule.metric;
      case "site":
        return device.site;
      case "gateway":
        return device.gateway;
      case "device.id":
        return device.device;
      case "device.name":
        return device.tags["name"] ?? device.attrs["name"] ?? device.device;
      case "device.profile":
        return device.profile;
      case "value":
        return change?.value;
      case "limit":
        return change?.limit;
      case "unit":
        return change?.unit === undefined ? undefined : signOf(change.unit);
      case "expected":
        return change?.expected;
      case "score":
        return change?.score;
      case "severity":
        return change?.severity;
      case "state":
        return change?.state;
      case "started_at":
        return change && formatTime(change.startedMs);
      case "fired_at":
        return change && formatTime(change.firedMs);
      case "ended_at":
        return change?.endedMs === undefined ? undefined : formatTime(change.endedMs);
      case "lasted":
        return change && formatDuration(change.atMs - change.startedMs);
      default:
        return undefined;
    }
  };
}
