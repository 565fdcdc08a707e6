/** One thing that somebody did or was refused, as an event and as a row. */
import { formatTime } from "../../core/event-codec.ts";
import { isObject } from "../../core/is-object.ts";
import { type AuditEntry, auditEntry } from "../shapes/system.ts";

const type = "io.sluicegate.audit.v1";

/** As a line of the file: a CloudEvent. */
export function auditLine(entry: AuditEntry, source: string): string {
  const { atMs, id, ...data } = entry;
  const time = formatTime(atMs);
  return `${JSON.stringify({ specversion: "1.0", id, source, type, time, data })}\n`;
}

/** What a line says; undefined where it is none of ours. */
export function parseAuditLine(line: string): AuditEntry | undefined {
  try {
    const event: unknown = JSON.parse(line);
    if (!isObject(event) || event["type"] !== type || !isObject(event["data"])) return undefined;
    const { id, time } = event;
    const atMs = typeof time === "string" ? Date.parse(time) : Number.NaN;
    const checked = auditEntry.safeParse({ ...event["data"], id, atMs });
    return checked.success ? checked.data : undefined;
  } catch {
    return undefined;
  }
}
