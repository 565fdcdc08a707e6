import type { Logger } from "../core/logger.ts";

/** What the rules did not look at since a bound was met; each only grows. */
export interface BoundCounts {
  /** Times a device or an instance was left out. */
  readonly leftOut: number;
  /** Of which rules, for those that have as many alerts as they may. */
  readonly leftOutOf?: Readonly<Record<string, number>>;
  /** Devices given up for others. */
  readonly displaced: number;
  /** Times samples were judged before their watermark. */
  readonly overflows: number;
}

/** Tells when the rules met a bound: not each time, but once whenever more were met since. */
export class BoundJournal {
  readonly #partition: number;
  readonly #logger: Logger;
  #told = 0;

  constructor(partition: number, logger: Logger) {
    this.#partition = partition;
    this.#logger = logger;
  }

  /** To be called from time to time. */
  look({ displaced, leftOut, leftOutOf = {}, overflows }: BoundCounts): void {
    const met = displaced + leftOut + overflows;
    if (met === this.#told) return;
    this.#told = met;
    this.#logger.warn("the rules met a bound: not every device is watched as it should be", {
      partition: this.#partition,
      displaced,
      leftOut,
      ...(Object.keys(leftOutOf).length > 0 && { leftOutOf: { ...leftOutOf } }),
      overflows,
    });
  }
}
