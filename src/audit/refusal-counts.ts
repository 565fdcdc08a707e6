/**
 * Refusals, of which strangers can make as many as they like: the first of each action and address is
 * told, those that follow are counted, and a count a minute is told while they go on.
 */
import type { AuditFacts } from "../core/audit.ts";
import type { Clock, Timer } from "../core/clock.ts";

/** Addresses and actions whose refusals are counted apart; all others together. */
const mostCounted = 60;
const countMs = 60_000;

interface Counted {
  readonly facts: AuditFacts;
  more: number;
}

export class RefusalCounts {
  readonly #clock: Clock;
  readonly #tell: (facts: AuditFacts) => void;
  readonly #counted = new Map<string, Counted>();
  #others: Counted | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, tell: (facts: AuditFacts) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  note(facts: AuditFacts): void {
    const key = `${facts.action} ${facts.from}`;
    const counted = this.#counted.get(key);
    if (counted) counted.more += 1;
    else if (this.#counted.size < mostCounted) {
      this.#counted.set(key, { facts, more: 0 });
      this.#tell(facts);
    } else {
      this.#others ??= {
        facts: { ...facts, action: "several", from: null, target: null },
        more: 0,
      };
      this.#others.more += 1;
    }
    this.#timer ??= this.#clock.setTimer(countMs, () => this.#tellCounts());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#tellCounts();
    this.#timer?.cancel();
  }

  /** Those that go on stay, and are not told anew. */
  #tellCounts(): void {
    this.#timer = undefined;
    const others = this.#others;
    this.#others = undefined;
    for (const [key, counted] of this.#counted) {
      if (counted.more === 0) this.#counted.delete(key);
      else this.#tellCount(counted);
      counted.more = 0;
    }
    if (others) this.#tellCount(others);
    if (this.#counted.size > 0)
      this.#timer = this.#clock.setTimer(countMs, () => this.#tellCounts());
  }

  #tellCount({ facts, more }: Counted): void {
    this.#tell({ ...facts, text: `${more} more were refused within a minute` });
  }
}
