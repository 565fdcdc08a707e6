/** One thing that somebody did or was refused, as an event and as a row. */
import type { AuditEntry } from "../core/audit.ts";
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";

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
    if (typeof id !== "string" || !Number.isFinite(atMs)) return undefined;
    return entryOf(event["data"], id, atMs);
  } catch {
    return undefined;
  }
}

function entryOf(data: Record<string, unknown>, id: string, atMs: number): AuditEntry | undefined {
  const { action, by, from, outcome, target, text } = data;
  if (typeof by !== "string" || typeof action !== "string") return undefined;
  if (!isTextOrNull(from) || !isTextOrNull(target) || !isTextOrNull(text)) return undefined;
  if (outcome !== "done" && outcome !== "refused" && outcome !== "failed") return undefined;
  return { id, atMs, by, from, action, target, outcome, text };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
