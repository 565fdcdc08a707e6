/** What keeps the disk from taking records, for people, and how long it is left alone for that. */
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";

/** After this many failures in a row the disk is left alone for a while. */
const mostFailuresInARow = 3;
/** With the attempt itself, a disk that healed is in use again within 5 s. */
const failureRestMs = 4_000;

export class DiskTrouble {
  readonly #logger: Logger;
  #words: string | undefined;
  #failures = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Why nothing can be written at the moment; undefined while all is well. */
  get words(): string | undefined {
    return this.#words;
  }

  /** A batch is durable. */
  clear(): void {
    this.#words = undefined;
    this.#failures = 0;
  }

  /** Says once that devices are held back, and why; gives `restMs`. */
  hold(words: string, restMs: number): number {
    if (this.#words !== words)
      this.#logger.error("nothing can be stored: devices are held back", { trouble: words });
    this.#words = words;
    return restMs;
  }

  /** A segment failed; gives how long to rest, in milliseconds, before another is begun. */
  fail(tried: string, failure: unknown): number {
    this.#failures += 1;
    const words = GatewayError.from(failure, "buffer.io", tried).message;
    if (this.#failures >= mostFailuresInARow) return this.hold(words, failureRestMs);
    this.#logger.warn("a segment failed; a new one takes over", { trouble: words });
    return 0;
  }
}
