import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { Logger } from "../../src/core/logger.ts";
import { leasesBucket, partitionOf } from "../../src/core/subject.ts";
import type { Processor } from "../../src/processor/processor.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { cacheBucket } from "../../src/stream/kv.ts";
import { type Colleagues, Roll } from "../../src/stream/roll.ts";
import type { Company } from "../../src/stream/share-out.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import {
  makeGatewayStream,
  origin,
  publishRecords,
  reading,
  startMs,
} from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";
import { startProcessor } from "../support/start-processor.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const patient = { timeout: 60_000 };
const rules = ruleSet({
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  severity: "warning",
});

/** One with a wall clock of its own. */
interface Astray {
  readonly processor: Processor;
  readonly moves: string[];
  /** How often it looked at the others. */
  calls: number;
  company: Company | undefined;
  wallMs: number;
}

async function setUp() {
  const { url } = await natsServer();
  const options = backboneOptionsFor(url);
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, options);
  const start = (name: string, wallMs: number): Astray => {
    const backbone = testBackbone(url, name);
    // Looks are made all the time, and nothing expires in a test.
    const clock: Clock = {
      wallMs: () => found.wallMs,
      monotonicMs: () => 2 * systemClock.monotonicMs(),
      setTimer: (delayMs, run) => systemClock.setTimer(delayMs / 20, run),
    };
    const moves: string[] = [];
    const note = (message: string): void =>
      void (/share|gone/.test(message) && moves.push(message));
    const logger: Logger = { ...silentLogger, info: note, warn: note };
    const bucket = cacheBucket(backbone, leasesBucket, options);
    const mark = { own: undefined, isGone: async () => false };
    const roll = new Roll({ role: "processor", bucket, clock, logger, name, mark });
    const colleagues: Colleagues = {
      call: async (holds, signal) => {
        const company = await roll.call(holds, signal);
        found.calls += 1;
        found.company = company;
        return company;
      },
      leave: (signal) => roll.leave(signal),
    };
    const createEngine = (memory?: { head: unknown; parts: ReadonlyMap<string, unknown> }) =>
      createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts));
    const processor = startProcessor(url, { backbone, clock, colleagues, createEngine, logger });
    const found: Astray = { processor, moves, calls: 0, company: undefined, wallMs };
    return found;
  };
  let seq = 0;
  return {
    start,
    publish: (value: number) => {
      seq += 1;
      const t = startMs + seq * 1_000;
      const watermark = { t, timeMs: t, receivedMs: t };
      return publishRecords(connection, "aaaaaaaa", 2 * seq - 1, [
        reading("f1", value, seq),
        { ...watermark, kind: "watermark", device: null, clock: "gateway", data: { t } },
      ]);
    },
    told: async () =>
      (await storedTransitions(connection).catch(() => [])).map(
        ({ reason, rule, state }) => `${rule} ${state} ${reason}`,
      ),
  };
}

test("processors whose clocks are set by a day, and differ by an hour, keep what they have and find no gateway offline", async () => {
  const { publish, start, told } = await setUp();
  const one = start("one", startMs);
  const other = start("other", startMs + hourMs);
  const both = [one, other];
  const holdsIt = ({ processor }: Astray): boolean =>
    processor.state().partitions[0]?.held ?? false;
  await publish(1);
  const must = ["g/Warm firing for_elapsed"];
  await expect.poll(told, patient).toEqual(must);
  // The second one is settled, and was handed what falls to it.
  const owns = ({ company }: Astray, partition: number): boolean =>
    company?.isOwn(String(partition)) ?? false;
  const isSharedOut = (): boolean =>
    both.every((each) => Array.from({ length: 64 }, (_, n) => owns(each, n)).some(Boolean)) &&
    both.every((each) => holdsIt(each) === owns(each, partitionOf(origin.site)));
  await expect.poll(isSharedOut, patient).toBe(true);
  const held = both.map(holdsIt);
  expect(held.filter(Boolean)).toHaveLength(1);
  const before = both.map(({ moves }) => moves.length);

  for (const step of [dayMs, -2 * dayMs, dayMs])
    for (const each of both) {
      each.wallMs += step;
      const calls = both.map((one) => one.calls);
      const isFiring = must.length % 2 === 1;
      await publish(isFiring ? 0 : 1);
      must.push(isFiring ? "g/Warm ended normal" : "g/Warm firing for_elapsed");
      await expect.poll(told, patient).toEqual(must);
      const haveLooked = (): boolean => both.every((one, n) => one.calls > (calls[n] ?? 0) + 2);
      await expect.poll(haveLooked, patient).toBe(true);
    }

  expect(both.map(holdsIt)).toEqual(held);
  expect(both.map(({ moves }, n) => moves.slice(before[n]))).toEqual([[], []]);
});
