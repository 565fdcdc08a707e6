/** Rows as a file: a JSON document in each line, the oldest first. Pure. */
import type { LiveRow } from "../../../api/shapes/live.ts";

export function savedLines(newestFirst: readonly LiveRow[]): string {
  return newestFirst
    .map(({ json }) => `${JSON.stringify(json)}\n`)
    .reverse()
    .join("");
}

/** `sluicegate-sent-2026-11-29T14-02-11.ndjson`. */
export function savedName(stage: string, atMs: number): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replaceAll(":", "-");
  return `sluicegate-${stage}-${time}.ndjson`;
}
