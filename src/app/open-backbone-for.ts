import { silentLogger } from "../core/logger.ts";
import { type Backbone, openBackbone } from "../stream/backbone.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { createMetricsRegistry } from "../telemetry/metrics-registry.ts";
import { systemClock } from "./system-clock.ts";

/** A connection for a command: nobody reads its journal, and its failures are told by the command. */
export function openBackboneFor(options: BackboneOptions, name: string): Backbone {
  return openBackbone(options, {
    name,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: createMetricsRegistry(),
  });
}
