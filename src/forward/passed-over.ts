/**
 * Which records are never published again, because a gap event stands for them.
 *
 * The gap events in the log are the memory: a process that starts anew finds there what earlier
 * ones gave up. They are read only when it matters, since that means reading the log from front to
 * back: when a record of an earlier run is refused for ever, when the backbone went backwards, and
 * when records must be counted.
 */
import type { GapRange } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { type LogPosition, type Seq, toSeq } from "../core/ids.ts";
import type { RecordLog } from "../core/record.ts";
import { walkLog } from "./log-walk.ts";

const reasons: ReadonlySet<string> = new Set(["set-aside", "displaced"]);

export class PassedOver {
  readonly #log: RecordLog;
  /** Given up by this process. */
  readonly #own = new Set<Seq>();
  /** Given up by earlier ones; undefined until it was needed. */
  #earlier: readonly GapRange[] | undefined;

  constructor(log: RecordLog) {
    this.#log = log;
  }

  /** True for a record that must not be published. */
  has(seq: Seq): boolean {
    if (this.#own.has(seq)) return true;
    return this.#earlier?.some((range) => isWhole(range) && covers(range, seq)) ?? false;
  }

  /** Its gap is declared and durable. */
  add(seq: Seq): void {
    for (const old of this.#own) if (old < this.#log.firstSeq) this.#own.delete(old);
    this.#own.add(seq);
  }

  /** True when an earlier process declared the record, which cannot be published now either. */
  async wasDeclared({ run, seq }: LogPosition): Promise<boolean> {
    if (run === this.#log.run) return false;
    const earlier = await this.recall();
    return earlier.some((range) => covers(range, seq));
  }

  /** Reads what earlier processes gave up, once. */
  async recall(): Promise<readonly GapRange[]> {
    if (this.#earlier) return this.#earlier;
    const found: GapRange[] = [];
    const decoder = new TextDecoder();
    await walkLog(this.#log, toSeq(0), ({ body, kind, run }) => {
      if (run === this.#log.run) return false;
      if (kind !== "gap") return true;
      const event = decodeEvent(decoder.decode(body));
      if (isMalformed(event) || event.kind !== "gap") return true;
      found.push(...event.data.ranges.filter(({ reason }) => reasons.has(reason)));
      return true;
    });
    this.#earlier = found;
    return found;
  }
}

/** False for ranges that were joined over records that are not lost. */
function isWhole({ count, from, to }: GapRange): boolean {
  return count === to - from + 1;
}

function covers({ from, to }: GapRange, seq: Seq): boolean {
  return from <= seq && seq <= to;
}
