import type { Logger } from "../core/logger.ts";
import type { Lookalike } from "../stream/discover-gateways.ts";

/** Tells of streams that only look like a gateway's, each once while it is there. */
export class LookalikeJournal {
  readonly #logger: Logger;
  #told: ReadonlySet<string> = new Set();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** `lookalikes` are all that there are now. */
  look(lookalikes: readonly Lookalike[]): void {
    for (const { reason, stream } of lookalikes) {
      if (this.#told.has(stream)) continue;
      this.#logger.warn(
        "a stream looks like a gateway's and is none: no rule reads it; give a copy another name",
        { stream, reason },
      );
    }
    this.#told = new Set(lookalikes.map(({ stream }) => stream));
  }
}
