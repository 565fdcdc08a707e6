import type { Metrics } from "../../src/core/metrics.ts";

export { silentLogger } from "../../src/core/logger.ts";

/** Metrics that nobody reads. */
export const silentMetrics: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
};
