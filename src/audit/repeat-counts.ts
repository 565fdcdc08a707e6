/**
 * What happens again and again, such as refusals, of which strangers can make as many as they like: the
 * first is told, those that follow are counted, and the count is told every so often while they go on.
 */
import type { AuditFacts } from "../core/audit.ts";
import type { Clock, Timer } from "../core/clock.ts";

export interface RepeatRule {
  /** What makes two of them the same. */
  readonly keyOf: (facts: AuditFacts) => string;
  /** Those that are counted apart; all others are counted together. */
  readonly most: number;
  readonly everyMs: number;
  /** What is said of so many. */
  readonly words: (more: number) => string;
}

interface Counted {
  readonly facts: AuditFacts;
  more: number;
}

export class RepeatCounts {
  readonly #rule: RepeatRule;
  readonly #clock: Clock;
  readonly #tell: (facts: AuditFacts) => void;
  readonly #counted = new Map<string, Counted>();
  #others: Counted | undefined;
  #timer: Timer | undefined;

  constructor(rule: RepeatRule, clock: Clock, tell: (facts: AuditFacts) => void) {
    this.#rule = rule;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** One, or so many at once. */
  note(facts: AuditFacts, times: number): void {
    const key = this.#rule.keyOf(facts);
    const counted = this.#counted.get(key);
    if (counted) counted.more += times;
    else if (this.#counted.size < this.#rule.most) {
      this.#counted.set(key, { facts, more: times - 1 });
      this.#tell(facts);
    } else {
      const others = { ...facts, action: "several", by: "several", from: null, target: null };
      this.#others ??= { facts: others, more: 0 };
      this.#others.more += times;
    }
    this.#timer ??= this.#clock.setTimer(this.#rule.everyMs, () => this.#tellCounts());
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
      this.#timer = this.#clock.setTimer(this.#rule.everyMs, () => this.#tellCounts());
  }

  #tellCount({ facts, more }: Counted): void {
    this.#tell({ ...facts, text: this.#rule.words(more) });
  }
}
