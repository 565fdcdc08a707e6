import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { processorOptions } from "../../src/processor/options.ts";
import {
  createProcessor,
  type Processor,
  type ProcessorDependencies,
} from "../../src/processor/processor.ts";
import type { Colleagues } from "../../src/stream/roll.ts";
import { Company } from "../../src/stream/share-out.ts";
import { backboneOptionsFor, testBackbone } from "./backbone.ts";
import { createCountingEngine } from "./counting-engine.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

/** It does not know of any other, as if it were of a version before they shared. */
const nobodyElse: Colleagues = {
  call: async (holds) => new Company({ id: "only", name: "only", isSettled: true, holds }, []),
  leave: async () => {},
};

const quick = processorOptions.parse({ checkpoint_every: "100ms", discover_every: "100ms" });

/** A processor at work that looks and saves often; it stops when the test ends. */
export function startProcessor(
  url: string,
  { backbone = testBackbone(url), ...deps }: Partial<ProcessorDependencies> = {},
): Processor {
  const processor = createProcessor({
    backbone,
    backboneOptions: backboneOptionsFor(url),
    colleagues: nobodyElse,
    createEngine: createCountingEngine,
    options: quick,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
    ...deps,
  });
  onTestFinished(() => processor.stop());
  processor.start();
  return processor;
}
