import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type Clock, sleep } from "../../src/core/clock.ts";
import { alertsStream, checkpointsBucket } from "../../src/core/subject.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import type { CreateEngine } from "../../src/processor/engine.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import {
  makeGatewayStream,
  publishRecords,
  reading,
  startMs,
  stream,
} from "../support/gateway-stream.ts";
import { hasSaved } from "../support/has-saved.ts";
import { startProcessor } from "../support/start-processor.ts";
import { tempFolder } from "../support/temp-folder.ts";

const run = "aaaaaaaa";
const minuteMs = 60_000;

/** A gateway that is played, a processor at work, and a server whose store can be brought back. */
async function setUp(createEngine: CreateEngine = createCountingEngine) {
  const folder = await tempFolder();
  const store = join(folder, "jetstream");
  const copy = join(await tempFolder(), "copy");
  let server = await startNatsServer({ folder });
  onTestFinished(() => server.kill());
  const { port, url } = server;
  const backbone = testBackbone(url);
  let laterMs = 0;
  const clock: Clock = {
    ...systemClock,
    wallMs: () => startMs + laterMs,
    monotonicMs: () => systemClock.monotonicMs() + laterMs,
  };
  const start = () => startProcessor(url, { createEngine, clock });
  await makeGatewayStream(await connectionOf(backbone), backboneOptionsFor(url));
  return {
    start,
    later: (ms: number) => {
      laterMs += ms;
    },
    connection: () => connectionOf(backbone),
    /** Publishes readings `device=value` as the records from `seq` on. */
    async publish(seq: number, ...words: readonly string[]) {
      const events = words.map((word, index) => {
        const [device = "", value] = word.split("=");
        return reading(device, Number(value), seq + index);
      });
      await publishRecords(await connectionOf(backbone), run, seq, events);
    },
    async keepCopy() {
      await server.stop();
      await cp(store, copy, { recursive: true });
      server = await startNatsServer({ folder, port });
    },
    /** Everything, or one folder below the store, is as it was when the copy was made. */
    async bringBack(...part: readonly string[]) {
      await server.stop();
      await rm(join(store, ...part), { recursive: true });
      await cp(join(copy, ...part), join(store, ...part), { recursive: true });
      server = await startNatsServer({ folder, port });
    },
    hasSaved: (streamSeq: number) => hasSaved(url, streamSeq),
    /** `device: state reason, ...` of what is stored. */
    async told() {
      const lines = new Map<string, string[]>();
      for (const { labels, reason, state } of await storedTransitions(
        await connectionOf(backbone),
      )) {
        const device = labels["device"] ?? "";
        lines.set(device, [...(lines.get(device) ?? []), `${state} ${reason}`]);
      }
      return Object.fromEntries(lines);
    },
  };
}

type Scene = Awaited<ReturnType<typeof setUp>>;

const reads = (processor: ReturnType<Scene["start"]>, streamSeq: number) =>
  expect
    .poll(() => processor.state().partitions[0]?.gateways[0]?.readUpTo, { timeout: 30_000 })
    .toBe(streamSeq);

/** The store is older by three records that the gateway no longer has; the processor lives. */
async function loseThreeRecords(scene: Scene) {
  await scene.publish(1, "f1=1", "f2=0");
  const processor = scene.start();
  await scene.hasSaved(2);
  await scene.keepCopy();
  await scene.publish(3, "f2=1", "f1=0", "f3=1");
  await scene.hasSaved(5);
  await scene.bringBack();
  await scene.publish(6, "f4=0");
  return processor;
}

describe("a store that comes back older, without records that the gateway still has", () => {
  test("leaves no alert firing that the rules know nothing of", async () => {
    const scene = await setUp();
    const processor = await loseThreeRecords(scene);

    const settled = {
      f1: ["firing for_elapsed", "ended normal"],
      f2: ["firing for_elapsed", "ended data_lost"],
      f3: ["firing for_elapsed", "ended data_lost"],
    };
    await expect.poll(scene.told, { timeout: 30_000 }).toEqual(settled);

    // Once and for all, and what happens next is told as ever.
    await scene.publish(7, "f1=0", "f2=1", "f3=0", "f1=1");
    await reads(processor, 7);
    await processor.stop();
    await reads(scene.start(), 7);
    expect(await scene.told()).toEqual({
      f1: [...settled.f1, "firing for_elapsed"],
      f2: [...settled.f2, "firing for_elapsed"],
      f3: settled.f3,
    });
  });

  test("control: with rules that cannot do that, alerts fire for ever", async () => {
    const scene = await setUp((snapshot) => ({
      ...createCountingEngine(snapshot),
      goOnBehind: () => undefined,
    }));
    await loseThreeRecords(scene);
    await scene.hasSaved(3);
    expect((await scene.told())["f2"]).toEqual(["firing for_elapsed"]);
  });
});

describe("an alerts stream that comes back older by more than what is held back", () => {
  test("gets what fires, and the end of what does not", async () => {
    const scene = await setUp();
    await scene.publish(1, "f1=0", "f2=1");
    const processor = scene.start();
    await reads(processor, 2);
    await scene.keepCopy();
    await scene.publish(3, "f1=1", "f2=0");
    await reads(processor, 4);
    scene.later(11 * minuteMs);

    await scene.bringBack("jetstream", "$G", "streams", alertsStream);

    await expect.poll(scene.told, { timeout: 30_000 }).toEqual({
      f1: ["firing for_elapsed"],
      f2: ["firing for_elapsed", "ended data_lost"],
    });
  });

  test("gets what fires also where somebody removed it all", async () => {
    const scene = await setUp();
    await scene.publish(1, "f1=1", "f2=1", "f2=0");
    const processor = scene.start();
    await reads(processor, 3);
    scene.later(11 * minuteMs);

    await (await jetstreamManager(await scene.connection())).streams.delete(alertsStream);

    await expect
      .poll(() => scene.told().catch(() => ({})), { timeout: 30_000 })
      .toEqual({ f1: ["firing for_elapsed"] });
  });
});

describe("a checkpoint that is older than the alerts stream", () => {
  test("waits for the events behind what is stored", async () => {
    let compared = 0;
    const scene = await setUp((snapshot) => {
      const engine = createCountingEngine(snapshot);
      const open = () => {
        compared += 1;
        return engine.open();
      };
      return { ...engine, open };
    });
    await scene.publish(1, "f1=0", "f2=0");
    const first = scene.start();
    await scene.hasSaved(2);
    await scene.keepCopy();
    await scene.publish(3, "f1=1", "f2=1");
    await reads(first, 4);
    await first.stop();
    // The gateway sends again, but not at once.
    await scene.bringBack("jetstream", "$G", "streams", stream);
    await scene.bringBack("jetstream", "$G", "streams", `KV_${checkpointsBucket}`);

    const before = compared;
    const second = scene.start();
    await expect.poll(() => compared, { timeout: 30_000 }).toBe(before + 1);
    // Whoever does not wait has the time to do harm.
    await sleep(systemClock, 300);
    await scene.publish(3, "f1=1", "f2=1", "f1=0");
    await reads(second, 5);

    expect(await scene.told()).toEqual({
      f1: ["firing for_elapsed", "ended normal"],
      f2: ["firing for_elapsed"],
    });
  });
});
