/**
 * Which records are never published again, because a gap event stands for them.
 *
 * The gap events in the log are the memory: a process that starts anew finds there what earlier
 * ones gave up. They are read only when it matters, since that means reading the log from front to
 * back: when a record of an earlier run is refused for ever, when the backbone went backwards, and
 * when records must be counted.
 */
import type { GapRange } from "../core/event.ts";
import { gapRangesOf, isWhole } from "../core/gap-range.ts";
import { type LogPosition, type Seq, toSeq } from "../core/ids.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import { walkLog } from "./log-walk.ts";
import { SeqSet } from "./seq-set.ts";

const reasons: ReadonlySet<string> = new Set(["set-aside", "displaced"]);

/** What earlier processes gave up. */
interface Earlier {
  /** Every record that a gap event may stand for. */
  readonly declared: SeqSet;
  /** Those that a gap event surely stands for. */
  readonly lost: SeqSet;
}

export class PassedOver {
  readonly #log: ReadableLog;
  /** Given up by this process, nearly always in the order of the log. */
  readonly #own = new Set<Seq>();
  /** Undefined until it was needed. */
  #earlier: Earlier | undefined;

  constructor(log: ReadableLog) {
    this.#log = log;
  }

  /** True for a record that must not be published. */
  has(seq: Seq): boolean {
    return this.#own.has(seq) || this.#earlier?.lost.has(seq) === true;
  }

  /** Its gap is declared and durable. */
  add(seq: Seq): void {
    for (const old of this.#own) {
      if (old >= this.#log.firstSeq) break;
      this.#own.delete(old);
    }
    this.#own.add(seq);
  }

  /** True when an earlier process declared the record, which cannot be published now either. */
  async wasDeclared({ run, seq }: LogPosition): Promise<boolean> {
    return run !== this.#log.run && (await this.#read()).declared.has(seq);
  }

  /** Reads what earlier processes gave up, once. */
  async recall(): Promise<void> {
    await this.#read();
  }

  async #read(): Promise<Earlier> {
    if (this.#earlier) return this.#earlier;
    const found: GapRange[] = [];
    const decoder = new TextDecoder();
    await walkLog(this.#log, toSeq(0), ({ body, kind, run }) => {
      if (run === this.#log.run) return false;
      const ranges = kind === "gap" ? gapRangesOf(decoder.decode(body)) : [];
      for (const range of ranges) if (reasons.has(range.reason)) found.push(range);
      return true;
    });
    // A range with fewer records missing was joined over some that are not lost.
    this.#earlier = { declared: new SeqSet(found), lost: new SeqSet(found.filter(isWhole)) };
    return this.#earlier;
  }
}
