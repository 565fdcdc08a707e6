import type { GapRange } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";

export interface DeclaredLosses {
  /** Records of the log, of any kind, that the stream does not hold. */
  readonly missing: number;
  /** What gap events in the stream say is missing. */
  readonly declared: number;
  /** Where both differ, for people. */
  readonly faults: readonly string[];
}

/**
 * Holds the gap events of a stream against what is missing in it, record by record: seqs rise by one
 * over all runs, so whatever is not there was lost on the way.
 */
export function checkDeclaredLosses(bodies: Iterable<Uint8Array>): DeclaredLosses {
  const decoder = new TextDecoder();
  const ranges: GapRange[] = [];
  const missing: number[] = [];
  let previous = 0;
  for (const body of bodies) {
    const event = decodeEvent(decoder.decode(body));
    if (isMalformed(event)) throw new Error(event.malformed);
    for (let seq = previous + 1; seq < event.position.seq; seq += 1) missing.push(seq);
    previous = Math.max(previous, event.position.seq);
    if (event.kind === "gap") ranges.push(...event.data.ranges);
  }
  return compareLosses(missing, ranges);
}

/** Holds declared ranges against the seqs that are really missing, in rising order. */
export function compareLosses(
  missing: readonly number[],
  ranges: readonly GapRange[],
): DeclaredLosses {
  const faults: string[] = [];
  let covered = 0;
  for (const { count, from, to } of joinOverlapping(ranges)) {
    const really = missing.filter((seq) => seq >= from && seq <= to).length;
    covered += really;
    if (really !== count) faults.push(`${count} declared from ${from} to ${to}, missing ${really}`);
  }
  const declared = ranges.reduce((sum, { count }) => sum + count, 0);
  if (covered !== missing.length)
    faults.push(`${missing.length - covered} records are missing and not declared`);
  return { missing: missing.length, declared, faults };
}

/** Ranges of several classes lie over each other, since each class has a range of its own. */
function joinOverlapping(
  ranges: readonly GapRange[],
): { readonly from: number; to: number; count: number }[] {
  const joined: { readonly from: number; to: number; count: number }[] = [];
  for (const { count, from, to } of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.count += count;
    } else joined.push({ from, to, count });
  }
  return joined;
}
