/** The point of one pane of a derived series: it stands at its start, and a correction overwrites it. */
import type { DerivedValue } from "../core/derived-value.ts";
import type { PointForm } from "./event-points.ts";
import { momentTime } from "./point-time.ts";
import { tag } from "./tag-text.ts";
import { isWritable, valueField } from "./value-field.ts";

/** Undefined where it cannot be one. */
export function derivedPoint(derived: DerivedValue, { texts }: PointForm): string | undefined {
  const { agg, count, device, endMs, gateway, metric, rev, series, site, startMs } = derived;
  const { unit, value } = derived;
  if (![value, count, rev].every(isWritable) || (typeof value === "string" && !texts)) return;
  const who = `${tag("agg", agg)}${tag("device", device ?? "")}${tag("gateway", gateway ?? "")}`;
  const what = `${tag("metric", metric)}${tag("series", series)}${tag("site", site)}`;
  const fields = `${valueField(value)},count=${count},end_ms=${endMs},rev=${rev}`;
  return `derived${who}${what}${tag("unit", unit ?? "")} ${fields} ${momentTime(startMs)}`;
}
