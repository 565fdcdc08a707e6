/**
 * What the journal says about connections: the first of a kind with who and what at once, equal ones
 * counted, and the count written when a while has passed. Many strangers make few lines.
 */
import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";

/** How long equal ones are counted before the count is written. */
const countMs = 10_000;
/** Kinds that are told apart at a time; others are counted together, by what happened. */
const maxKinds = 256;

type Fields = Readonly<Record<string, unknown>>;

interface Page {
  readonly level: "info" | "warn";
  readonly message: string;
  readonly untilMs: number;
  last: Fields;
  more: number;
}

export class VisitorsBook {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** In the order in which they were begun. */
  readonly #pages = new Map<string, Page>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /**
   * `kind` and `who` make what is equal; `fields` say what is to be known of this one, or of the last
   * of so many.
   */
  note(
    level: "info" | "warn",
    message: string,
    kind: string,
    who: string,
    fields: Fields,
    times = 1,
  ): void {
    this.flush();
    const isRoom = this.#pages.size < maxKinds || this.#pages.has(`${kind} ${who}`);
    const key = isRoom ? `${kind} ${who}` : kind;
    const page = this.#pages.get(key);
    if (page === undefined) {
      const untilMs = this.#clock.monotonicMs() + countMs;
      this.#pages.set(key, { level, message, untilMs, last: fields, more: times - 1 });
      this.#logger[level](message, fields);
    } else {
      page.more += times;
      page.last = fields;
    }
  }

  /** Writes the counts that are due; `all`: every one. */
  flush(all = false): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, page] of this.#pages) {
      if (!all && page.untilMs > nowMs) return;
      this.#pages.delete(key);
      const { last, level, message, more } = page;
      if (more > 0) this.#logger[level](message, { ...last, more });
    }
  }
}
