/** One thing that somebody did or was refused, as an event in a line of the file, and read from it. */
import type { AuditEntry } from "../core/audit.ts";
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";

const type = "io.sluicegate.audit.v1";

/** What a line says, and its place in the chain. */
export interface AuditLine {
  readonly entry: AuditEntry;
  /** Undefined for lines of versions that did not chain them. */
  readonly link: ChainLink | undefined;
}

export interface ChainLink {
  readonly chain: string;
  readonly seq: number;
  /** The hash of the line before. */
  readonly previous: string;
}

/** The id of an entry: its chain and its number. */
export function entryId(chain: string, seq: number): string {
  return `${chain}.${seq}`;
}

/** As a line of the file, without its end: a CloudEvent. */
export function auditLine(entry: AuditEntry, source: string, previous: string): string {
  const { atMs, id, ...data } = entry;
  const time = formatTime(atMs);
  return JSON.stringify({ specversion: "1.0", id, source, type, time, previous, data });
}

/** What a line says; undefined where it is none of ours. */
export function parseAuditLine(line: string): AuditLine | undefined {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(event) || event["type"] !== type || !isObject(event["data"])) return undefined;
  const { id, previous, time } = event;
  const atMs = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (typeof id !== "string" || !Number.isFinite(atMs)) return undefined;
  const entry = entryOf(event["data"], id, atMs);
  if (!entry) return undefined;
  return { entry, link: typeof previous === "string" ? linkOf(id, previous) : undefined };
}

function linkOf(id: string, previous: string): ChainLink | undefined {
  const dot = id.lastIndexOf(".");
  const seq = Number(id.slice(dot + 1));
  if (dot < 1 || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  return { chain: id.slice(0, dot), seq, previous };
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
