import type { Clock, EpochMs } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";

/** Since when nothing is taken, why, and which letter it was that was not. */
export interface Failing {
  readonly sinceMs: EpochMs;
  readonly reason: string;
  readonly letter: string | undefined;
}

/** How it goes with one target, for people: each trouble is told once, and its end. */
export class TargetHealth {
  readonly #target: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #failing: Failing | undefined;
  #last: string | undefined;

  constructor(target: string, clock: Clock, logger: Logger) {
    this.#target = target;
    this.#clock = clock;
    this.#logger = logger;
  }

  get failing(): Failing | undefined {
    return this.#failing;
  }

  /** What went wrong last, also where it is over. */
  get lastError(): string | undefined {
    return this.#last;
  }

  noteTrouble(reason: string, letter?: string): void {
    const sinceMs = this.#failing?.sinceMs ?? this.#clock.wallMs();
    if (this.#failing?.reason !== reason)
      this.#logger.error("a target takes nothing; what is for it waits in its streams", {
        target: this.#target,
        reason,
      });
    this.#failing = { sinceMs, reason, letter };
    this.#last = reason;
  }

  noteWell(): void {
    if (this.#failing)
      this.#logger.info("a target takes again what is for it", {
        target: this.#target,
        after: this.#failing.reason,
      });
    this.#failing = undefined;
  }
}
