/**
 * What it costs to write down what the rules remember, and to read it back: on a real server, with the
 * engine and the store of the processor.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { systemClock } from "../../src/app/system-clock.ts";
import { inSlices } from "../../src/core/in-slices.ts";
import { createCheckpointStore } from "../../src/processor/checkpoint.ts";
import { openRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";
import { openBackbone } from "../../src/stream/backbone.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { GatewayScript, ruleSet, s } from "../rules/gateway-script.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { type FigureGroup, formatCount, formatMs } from "./figures.ts";
import type { Workshop } from "./workshop.ts";

/** Each of five rules watches each device. */
const rules = ruleSet(
  ...Array.from({ length: 5 }, (_, n) => ({
    alert: `Rule${n}`,
    select: { metric: "temperature" },
    condition: { threshold: { above: 60 + n, deadband: 2 } },
    for: "20s",
    severity: "warning",
  })),
);
/** A gateway may have so many. */
const devicesPerGateway = 10_000;

export async function measureCheckpoints(
  workshop: Workshop,
  instances: number,
): Promise<FigureGroup> {
  const nats = await workshop.nats();
  const options = backboneOptions.parse({ servers: [nats.url] });
  const backbone = openBackbone(options, {
    name: "bench",
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
  });
  try {
    const store = createCheckpointStore(1, backbone, options, Math.random);
    const { signal } = new AbortController();
    const engine = await inSlices(openRuleEngine(rules), systemClock);
    const devices = instances / rules.rules.length;
    feedRound(engine, devices, 0, devices);
    let revision = 0;
    const save = async (): Promise<Saving> => {
      const began = performance.now();
      let stoodMs = 0;
      const draft = { positions: {}, memory: engine.memory(), recent: [], derived: [] };
      const [writtenRevision, blockMs] = await longestBlock(() =>
        store.save(draft, revision, signal, () => {
          stoodMs = performance.now() - began;
        }),
      );
      revision = writtenRevision;
      return { stoodMs, blockMs, tookMs: performance.now() - began };
    };
    const whole = await save();
    feedRound(engine, devices, 1, devices / 100);
    const delta = await save();
    const began = performance.now();
    const [, restoreBlockMs] = await longestBlock(async () => {
      const { checkpoint } = await store.load(signal);
      const memory = checkpoint && joinMemory(checkpoint.memory.head, checkpoint.memory.parts);
      return inSlices(openRuleEngine(rules, memory), systemClock);
    });
    const restoreMs = performance.now() - began;
    const goal = "under 50 ms";
    return {
      title: `Checkpoint of ${formatCount(instances)} instances`,
      figures: [
        { what: "all of it: written", measured: formatMs(whole.tookMs) },
        { what: "all of it: the rules stand still", measured: formatMs(whole.stoodMs) },
        { what: "all of it: longest block", measured: formatMs(whole.blockMs), goal },
        { what: "one device in a hundred: written", measured: formatMs(delta.tookMs) },
        {
          what: "one device in a hundred: the rules stand still",
          measured: formatMs(delta.stoodMs),
        },
        { what: "one device in a hundred: longest block", measured: formatMs(delta.blockMs), goal },
        { what: "read back", measured: formatMs(restoreMs) },
        { what: "read back: longest block", measured: formatMs(restoreBlockMs), goal },
        { what: "written and read back", measured: formatMs(whole.tookMs + restoreMs) },
      ],
    };
  } finally {
    await backbone.close();
    await nats.kill();
  }
}

interface Saving {
  readonly stoodMs: number;
  readonly blockMs: number;
  readonly tookMs: number;
}

/** A sample of each of so many devices, and a watermark for each gateway. */
function feedRound(engine: RuleEngine, devices: number, second: number, speaking: number): void {
  for (let from = 0; from < devices; from += devicesPerGateway) {
    const script = new GatewayScript(`gw${from / devicesPerGateway}`);
    const end = Math.min(devices, from + devicesPerGateway);
    if (second === 0) for (let n = from; n < end; n += 1) script.device(`d${n}`);
    for (let n = from; n < Math.min(end, from + speaking); n += 1)
      script.sample(`d${n}`, second * s, n % 100);
    script.watermark((second + 1) * s);
    for (const event of script.events) engine.feed(event);
  }
}

/** Also gives the longest time for which nothing else had its turn. */
async function longestBlock<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  try {
    const result = await work();
    return [result, delay.max / 1e6];
  } finally {
    delay.disable();
  }
}
