import type { Logger } from "../../src/core/logger.ts";
import type { Metrics } from "../../src/core/metrics.ts";

/** A journal that nobody reads. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Metrics that nobody reads. */
export const silentMetrics: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
};
