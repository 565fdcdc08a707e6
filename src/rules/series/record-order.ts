/** The series that rules make, each behind those that it is made of; none is made of itself. */
import type { Fault } from "../../core/fault.ts";
import type { RuleFile } from "../rule.ts";
import type { RecordRule } from "./record-rule.ts";

export interface OrderedRecords {
  /** Those that are enabled. */
  readonly ordered: readonly RecordRule[];
  /** The first step of a path is the index of the file. */
  readonly faults: readonly Fault[];
}

export function orderRecords(files: readonly RuleFile[]): OrderedRecords {
  const faults: Fault[] = [];
  const byName = new Map<string, RecordRule>();
  const places = new Map<RecordRule, Fault["path"]>();
  for (const [fileIndex, { groups }] of files.entries())
    for (const [groupIndex, { records = [] }] of groups.entries())
      for (const each of records) {
        const place = [fileIndex, "groups", groupIndex, "rules"];
        places.set(each, place);
        if (byName.has(each.record))
          faults.push({
            code: "rule.duplicate-record",
            path: place,
            message: `series "${each.record}" is made twice`,
            hint: "names of series are unique over all files; rename one",
          });
        byName.set(each.record, each);
      }
  const ordered: RecordRule[] = [];
  const done = new Set<string>();
  const visit = (record: RecordRule, path: readonly string[]): void => {
    if (path.includes(record.record)) {
      faults.push({
        code: "rule.record-cycle",
        path: places.get(record) ?? [],
        message: `series are made of each other: ${[...path, record.record].join(" of ")}`,
        hint: "make one of them of what devices send",
      });
      return;
    }
    if (done.has(record.record)) return;
    const source = byName.get(record.metric);
    if (source) visit(source, [...path, record.record]);
    if (done.has(record.record)) return;
    done.add(record.record);
    if (record.enabled) ordered.push(record);
  };
  for (const record of byName.values()) visit(record, []);
  return { ordered, faults };
}
