/** What a stay in a partition needs, and what it begins with. */
import type { SpanSink } from "../core/span.ts";
import type { GatewayReaderDependencies } from "../stream/gateway-reader.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { CreateEngine, Engine } from "./engine.ts";
import type { ProcessorOptions } from "./options.ts";
import type { ProcessorCounters } from "./processor-counters.ts";
import type { TransitionAppenderDependencies } from "./transition-appender.ts";

export interface TenancyDependencies
  extends Omit<TransitionAppenderDependencies, "stored" | "onRefused" | "onWentBack">,
    GatewayReaderDependencies {
  readonly createEngine: CreateEngine;
  readonly options: ProcessorOptions;
  readonly counters: ProcessorCounters;
  /** Takes spans of events with a trace; absent where nobody collects them. */
  readonly spans?: SpanSink | undefined;
}

/** What a stay begins with: a checkpoint and the engine that goes on from it, or both empty. */
export interface TenancyStart {
  readonly partition: number;
  readonly checkpoint: Checkpoint | undefined;
  readonly engine: Engine;
}
