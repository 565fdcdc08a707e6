import type { LogPosition } from "../core/ids.ts";
import type { SeenState } from "./seen-records.ts";

/**
 * True when a reader at this position has read the record, or can never read it any more. A gateway
 * sends its log in order and `seq` goes on over its runs; on a new disk both begin anew, behind
 * everything of the old one.
 */
export function hasPassedRecord({ runs }: Pick<SeenState, "runs">, record: LogPosition): boolean {
  const newest = runs.at(-1);
  if (!newest) return false;
  return record.seq <= newest.seq || runs.slice(0, -1).some(({ run }) => run === record.run);
}
