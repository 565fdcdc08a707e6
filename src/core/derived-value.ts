/**
 * A value that a rule computed out of others over one pane of time, as it is stored: one message for
 * each closed pane, and another for each correction.
 */
import type { EpochMs } from "./clock.ts";
import { formatTime } from "./event-codec.ts";
import { fnv1a64 } from "./fnv1a.ts";
import {
  type DeviceId,
  type GatewayId,
  type SiteId,
  toDeviceId,
  toGatewayId,
  toSiteId,
} from "./ids.ts";
import { isObject } from "./is-object.ts";
import { escapeToken } from "./token.ts";

/** Whose value it is: a device's, all of a gateway's together, or all of a site's. */
export interface DerivedKey {
  readonly site: SiteId;
  /** Null for a value of the whole site. */
  readonly gateway: GatewayId | null;
  /** Null for a value of a whole gateway or site. */
  readonly device: DeviceId | null;
  /** The name that the rule gave it. */
  readonly series: string;
}

export interface DerivedValue extends DerivedKey {
  /** What was computed: `avg`, `sum`, `increase`, ... */
  readonly agg: string;
  /** Of the metric. */
  readonly metric: string;
  /** The pane: samples from `startMs` on, before `endMs`. */
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
  readonly value: number | boolean | string;
  /** SenML unit. */
  readonly unit?: string;
  /** How many samples it was made of. */
  readonly count: number;
  /** 1, and one more with each correction; the highest is the value. */
  readonly rev: number;
  /**
   * When this was so on the line of its series: the end of the pane; later for a correction. Rises
   * from each value of a series to the next.
   */
  readonly atMs: EpochMs;
  readonly labels: Readonly<Record<string, string>>;
}

/** What is computed anew, always with the same id: series, pane and correction. */
export function derivedIdOf(value: DerivedKey & Pick<DerivedValue, "startMs" | "rev">): string {
  return `${derivedSeriesId(value)}.${value.startMs}.${value.rev}`;
}

/** One series of one key, 16 hex digits. */
export function derivedSeriesId({ site, gateway, device, series }: DerivedKey): string {
  return fnv1a64([site, gateway ?? "", device ?? "", series].map(escapeToken).join("."));
}

const type = "io.sluicegate.derived.v1";

/** As a CloudEvent; `time` is the end of the pane. */
export function encodeDerived(value: DerivedValue): string {
  const { agg, atMs, count, device, endMs, gateway, labels, metric } = value;
  const { rev, series, site, startMs, unit } = value;
  const names = [site, gateway, device].flatMap((name) => name ?? []);
  return JSON.stringify({
    specversion: "1.0",
    id: derivedIdOf(value),
    source: `/${names.map(escapeToken).join("/")}`,
    type,
    subject: series,
    time: formatTime(endMs),
    datacontenttype: "application/json",
    data: {
      site,
      gateway,
      device,
      agg,
      metric,
      start: formatTime(startMs),
      end: formatTime(endMs),
      value: value.value,
      ...(unit !== undefined && { unit }),
      count,
      rev,
      at: formatTime(atMs),
      labels,
    },
  });
}

/** Undefined for what is none of ours. */
export function decodeDerived(text: string): DerivedValue | undefined {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(event) || event["type"] !== type || !isObject(event["data"])) return undefined;
  const { subject: series } = event;
  const { agg, at, count, device, end, gateway, labels, metric } = event["data"];
  const { rev, site, start, unit, value } = event["data"];
  const [startMs, endMs, atMs] = [timeOf(start), timeOf(end), timeOf(at)];
  if (typeof series !== "string" || typeof site !== "string" || typeof agg !== "string") return;
  if (typeof metric !== "string" || !isNameOrNull(gateway) || !isNameOrNull(device)) return;
  if (typeof count !== "number" || typeof rev !== "number" || !isValue(value)) return;
  if (Number.isNaN(startMs + endMs + atMs) || !isTexts(labels)) return;
  const read: DerivedValue = {
    site: toSiteId(site),
    gateway: gateway === null ? null : toGatewayId(gateway),
    device: device === null ? null : toDeviceId(device),
    series,
    agg,
    metric,
    startMs,
    endMs,
    value,
    ...(typeof unit === "string" && { unit }),
    count,
    rev,
    atMs,
    labels,
  };
  return event["id"] === derivedIdOf(read) ? read : undefined;
}

function timeOf(text: unknown): EpochMs {
  return typeof text === "string" ? Date.parse(text) : Number.NaN;
}

function isNameOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isValue(value: unknown): value is number | boolean | string {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string";
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}
