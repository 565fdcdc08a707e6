/** Damage, and what gap events say of it. */

import type { GapRange } from "../../core/event.ts";
import { type SeqRange, subtractRanges } from "../format/gap-ranges.ts";
import { countUndeclared } from "../losses/explain-missing.ts";
import type { Damage } from "./damage.ts";

/** More places than this are only counted. */
const mostDamages = 1_000;

/** What all of it comes to. */
export interface DamageSum {
  /** In order of place, at most `mostDamages`. */
  readonly damages: readonly Damage[];
  /** How many more there are. */
  readonly moreDamages: number;
  /** Records that are lost and that no gap event declares. */
  readonly lostRecords: number;
}

interface SparseSegment extends SeqRange {
  readonly file: string;
  /** Whole records in it. */
  readonly records: number;
}

/** How many records of a segment without some classes are missing and not declared. */
function undeclaredOf({ from, records, to }: SparseSegment, declared: readonly GapRange[]): number {
  // Without its footer, the last record that is kept seems to be the last there was.
  const ends = declared.filter((range) => range.from === from).map((range) => range.to);
  const all = { from, to: Math.max(to, ...ends) };
  return countUndeclared(all, records, declared);
}

/** Collects damage until every gap event of the log is known. */
export class DamageBook {
  readonly #found: Omit<Damage, "declared">[] = [];
  /** By what they say: footers repeat gap events. */
  readonly #declared = new Map<string, GapRange>();
  readonly #sparse: SparseSegment[] = [];
  #more = 0;

  add(damage: Omit<Damage, "declared">): void {
    const { bytes, file, kind, lost, offset } = damage;
    if (this.#found.length < mostDamages) this.#found.push({ file, offset, bytes, kind, lost });
    else this.#more += 1;
  }

  /** A segment without some classes: what is missing in it can only be counted. */
  addSparse(segment: SparseSegment): void {
    this.#sparse.push(segment);
  }

  declare(ranges: readonly GapRange[]): void {
    for (const range of ranges) this.#declared.set(JSON.stringify(range), range);
  }

  close(confirmedSeq: number): DamageSum {
    const declared = [...this.#declared.values()];
    const explained: SeqRange[] = [{ from: 0, to: confirmedSeq }, ...declared];
    let lostRecords = 0;
    const undeclaredIn = new Map<string, number>();
    for (const segment of this.#sparse) {
      const count = segment.from > confirmedSeq ? undeclaredOf(segment, declared) : 0;
      undeclaredIn.set(segment.file, count);
      lostRecords += count;
    }
    const damages = this.#found.flatMap((damage): Damage[] => {
      const { lost } = damage;
      if (lost === undefined) return [{ ...damage, declared: false }];
      const inSparse = undeclaredIn.get(damage.file);
      if (inSparse !== undefined && damage.kind !== "missing")
        return [{ ...damage, declared: inSparse === 0 }];
      const undeclared = subtractRanges(lost, declared);
      for (const { from, to } of subtractRanges(lost, explained)) lostRecords += to - from + 1;
      // What is gone without leaving bytes, and was declared or confirmed, is as it should be.
      if (damage.kind === "missing" && subtractRanges(lost, explained).length === 0) return [];
      return [{ ...damage, declared: undeclared.length === 0 }];
    });
    return { damages, moreDamages: this.#more, lostRecords };
  }
}
