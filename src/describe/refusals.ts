/** What was not taken of descriptions: told once to the journal, and kept for status. Bounded. */
import { BoundedMap } from "../core/bounded-map.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";

export interface DescriptionRefusal {
  /** The device, or the topic of the description where that was not read. */
  readonly about: string;
  readonly reason: string;
  /** So often since the start. */
  readonly count: number;
  readonly lastMs: EpochMs;
}

const mostKept = 256;
const mostCharacters = 256;
/** Lines of the journal in an hour. */
const mostLines = 32;
const hourMs = 3_600_000;

export class Refusals {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #kept = new BoundedMap<string, DescriptionRefusal>(mostKept);
  #hourFromMs = Number.NEGATIVE_INFINITY;
  #lines = 0;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  note(about: string, reason: string): void {
    const entry = {
      about: about.slice(0, mostCharacters),
      reason: reason.slice(0, mostCharacters),
    };
    const key = `${entry.about}\0${entry.reason}`;
    const before = this.#kept.get(key);
    const lastMs = this.#clock.wallMs();
    this.#kept.set(key, { ...entry, count: (before?.count ?? 0) + 1, lastMs });
    if (before === undefined && this.#mayTell())
      this.#logger.warn("a description of a device was not taken, or not all of it", entry);
  }

  /** The latest first. */
  list(): readonly DescriptionRefusal[] {
    return [...this.#kept.values()].reverse();
  }

  #mayTell(): boolean {
    const now = this.#clock.monotonicMs();
    if (now - this.#hourFromMs >= hourMs) {
      this.#hourFromMs = now;
      this.#lines = 0;
    }
    this.#lines += 1;
    return this.#lines <= mostLines;
  }
}
