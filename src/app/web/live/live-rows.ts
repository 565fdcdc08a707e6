/**
 * A sample of what flows: so many rows a second, evenly over it, and a count of all there was. Bounded
 * in rows and in what each takes.
 */
import type { Rows } from "../../../api/live/topic.ts";
import type { LiveCounts, LiveRow } from "../../../api/shapes/live.ts";
import type { Clock } from "../../../core/clock.ts";

/** As many are shown to who begins to look. */
const mostInAll = 50;
/** As many are kept until they are told: they are told four times a second. */
const mostKept = 200;
/** What comes at once may take the room of so long. */
const burstMs = 1_000;

export class LiveRows implements Rows {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #perSecond: number;
  readonly #fault: string | null;
  readonly #rows = new Map<string, LiveRow>();
  readonly #burst: number;
  #next = 1;
  #room: number;
  #filledMs: number;
  #seen = 0;
  #shown = 0;
  #countedMs: number;
  #countedSeen = 0;
  #countedShown = 0;
  #counts: LiveCounts;

  /** `fault`: what is wrong with the filter; then nothing is shown. */
  constructor(clock: Pick<Clock, "monotonicMs">, perSecond: number, fault: string | null) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#fault = fault;
    this.#filledMs = clock.monotonicMs();
    this.#countedMs = this.#filledMs;
    this.#burst = Math.max(1, (perSecond * burstMs) / 1_000);
    this.#room = this.#burst;
    this.#counts = { ...nothing, fault };
  }

  /** Counts one; true where there is room to show it. */
  admits(): boolean {
    this.#seen += 1;
    const nowMs = this.#clock.monotonicMs();
    const more = ((nowMs - this.#filledMs) * this.#perSecond) / 1_000;
    this.#room = Math.min(this.#burst, this.#room + more);
    this.#filledMs = nowMs;
    if (this.#room < 1) return false;
    this.#room -= 1;
    this.#shown += 1;
    return true;
  }

  /** Counts one that nobody had the time to look at: it may be one that is wanted, or not. */
  passOver(): void {
    this.#seen += 1;
  }

  /** Gives the key of the row. */
  add(row: LiveRow): string {
    const key = String(this.#next);
    this.#next += 1;
    this.#rows.set(key, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > mostKept && oldest !== undefined) this.#rows.delete(oldest);
    return key;
  }

  /** Takes the rates since it was called last. */
  count(): void {
    const nowMs = this.#clock.monotonicMs();
    const passedMs = nowMs - this.#countedMs;
    if (passedMs <= 0) return;
    const perSecond = (more: number): number => (more * 1_000) / passedMs;
    this.#counts = {
      seenPerS: perSecond(this.#seen - this.#countedSeen),
      shownPerS: perSecond(this.#shown - this.#countedShown),
      seen: this.#seen,
      shown: this.#shown,
      isSampled: this.#seen - this.#countedSeen > this.#shown - this.#countedShown,
      fault: this.#fault,
    };
    this.#countedMs = nowMs;
    this.#countedSeen = this.#seen;
    this.#countedShown = this.#shown;
  }

  get(key: string): object | undefined {
    return key === "counts" ? this.#counts : this.#rows.get(key);
  }

  *[Symbol.iterator](): Iterator<readonly [string, object]> {
    yield ["counts", this.#counts];
    yield* [...this.#rows].slice(-mostInAll);
  }
}

const nothing = { seenPerS: 0, shownPerS: 0, seen: 0, shown: 0, isSampled: false };
