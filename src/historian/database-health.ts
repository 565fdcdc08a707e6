import type { Clock, EpochMs } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";

/** Since when nothing could be stored, and why. */
export interface Trouble {
  readonly sinceMs: EpochMs;
  readonly reason: string;
}

/** How it goes with the database, for people: each trouble is told once, and its end. */
export class DatabaseHealth {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #failing: Trouble | undefined;
  #last: string | undefined;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  get failing(): Trouble | undefined {
    return this.#failing;
  }

  /** What went wrong last, also where it is over. */
  get lastError(): string | undefined {
    return this.#last;
  }

  noteTrouble(reason: string): void {
    const sinceMs = this.#failing?.sinceMs ?? this.#clock.wallMs();
    if (this.#failing?.reason !== reason)
      this.#logger.error("points cannot be stored; they wait in their streams", { reason });
    this.#failing = { sinceMs, reason };
    this.#last = reason;
  }

  noteWell(): void {
    if (this.#failing)
      this.#logger.info("points are stored again", { after: this.#failing.reason });
    this.#failing = undefined;
  }
}
