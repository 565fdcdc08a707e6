/** From the form of a time to where and how it is read. */

import { NamedZone } from "../../core/named-zone.ts";
import type { TimeMapping } from "../times/device-time.ts";
import { type EpochUnit, readEpoch } from "../times/epoch-time.ts";
import { parseRfc3339, parseZone } from "../times/rfc3339.ts";
import { compilePattern } from "../times/time-pattern.ts";
import type { Zone } from "../times/zone.ts";
import { type FaultPath, plainPath, type Report } from "./build-report.ts";
import type { ProfileFile } from "./profile-file.ts";

type TimeForm = Extract<ProfileFile["time"], readonly unknown[]>[number];

/** Formats that count, with the unit that their names say. */
const epochFormats: Readonly<Record<string, EpochUnit | undefined>> = {
  epoch: "auto",
  epoch_s: "s",
  epoch_ms: "ms",
  epoch_us: "us",
};

/** The places in their order; empty for `none`. */
export function buildTimes(time: ProfileFile["time"], report: Report): TimeMapping[] {
  if (time === "none") return [];
  return Array.isArray(time)
    ? time.map((form, at) => buildTime(form, ["time", at], report))
    : [buildTime(time, ["time"], report)];
}

function buildTime(form: TimeForm, place: FaultPath, report: Report): TimeMapping {
  const isUnknown = form.zone === "unknown";
  if (isUnknown && form.format !== "rfc3339")
    report([...place, "zone"], `a zone that nobody knows goes with rfc3339, not ${form.format}`);
  const zone =
    form.zone === undefined || isUnknown ? undefined : buildZone(form.zone, place, report);
  return {
    path: plainPath(form.path, [...place, "path"], report),
    read: buildRead(form, zone, place, report),
    ...(isUnknown && { readWall }),
    ordered: typeof zone === "object",
    ...(form.max_age !== undefined && { maxAgeMs: form.max_age }),
  };
}

function readWall(value: unknown): number | undefined {
  return typeof value === "string" ? parseRfc3339(value, 0) : undefined;
}

function buildZone(name: string, place: FaultPath, report: Report): Zone {
  const zone = name === "utc" ? 0 : (parseZone(name) ?? NamedZone.of(name));
  if (zone === undefined)
    report(
      [...place, "zone"],
      `"${name}" is not a zone`,
      "write utc, an offset as +02:00, a name as Europe/Berlin, or unknown",
    );
  return zone ?? 0;
}

function buildRead(
  { format, unit, zone: zoneName }: TimeForm,
  zone: Zone | undefined,
  place: FaultPath,
  report: Report,
): TimeMapping["read"] {
  const epoch = Object.hasOwn(epochFormats, format) ? epochFormats[format] : undefined;
  if (unit !== undefined && format !== "epoch")
    report([...place, "unit"], `only the format epoch has a unit, and this one is ${format}`);
  if (epoch !== undefined) {
    if (zoneName !== undefined)
      report([...place, "zone"], `${format} counts from 1970 in UTC and has no zone`);
    const counted = unit ?? epoch;
    return (value) => readEpoch(value, counted);
  }
  if (format === "rfc3339")
    return (value, order) =>
      typeof value === "string" ? parseRfc3339(value, zone, order) : undefined;
  const read = compilePattern(format, zone);
  if (typeof read === "function")
    return (value, order) => (typeof value === "string" ? read(value.trim(), order) : undefined);
  report(
    [...place, "format"],
    `"${format}" is no format: ${read.problem}`,
    "write rfc3339, epoch, or a pattern as yyyy-MM-dd HH:mm:ss",
  );
  return () => undefined;
}
