import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { leasesBucket, partitionOf } from "../../src/core/subject.ts";
import { processorOptions } from "../../src/processor/options.ts";
import type { Processor } from "../../src/processor/processor.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { cacheBucket } from "../../src/stream/kv.ts";
import { Roll } from "../../src/stream/roll.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { fastClock } from "../support/fast-clock.ts";
import { instead } from "../support/instead.ts";
import { makeStreams, manyOrigins, publishRound } from "../support/many-gateways.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";
import { startProcessor } from "../support/start-processor.ts";

const origins = manyOrigins(12);
const all = new Set(origins.map(({ site }) => partitionOf(site)));
const patient = { timeout: 30_000 };

const held = (processor: Processor): number[] =>
  processor
    .state()
    .partitions.filter((partition) => partition.held)
    .map(({ partition }) => partition);

async function setUp() {
  const { url } = await natsServer();
  const options = backboneOptionsFor(url);
  const connection = await connectionOf(testBackbone(url));
  await makeStreams(connection, origins, options);
  const clock = fastClock(10);
  // By that clock: more often would be all that a busy machine does.
  const quick = processorOptions.parse({ checkpoint_every: "1s", discover_every: "1s" });
  const start = (name: string, backbone = testBackbone(url, name)): Processor =>
    startProcessor(url, {
      backbone,
      clock,
      options: quick,
      colleagues: new Roll({
        role: "processor",
        bucket: cacheBucket(backbone, leasesBucket, options),
        clock,
        logger: silentLogger,
        name,
        mark: { own: undefined, isGone: async () => false },
      }),
    });
  let round = 0;
  /** Each device goes up and down: two transitions of each. */
  const play = async (): Promise<void> => {
    for (const value of [1, 0]) {
      round += 1;
      await publishRound(connection, origins, round, value);
    }
  };
  const stored = async (): Promise<string[]> =>
    (await storedTransitions(connection).catch(() => [])).map(({ id }) => id);
  /** Everything that was played is stored, each transition once. */
  const isAllStored = async (): Promise<void> => {
    await expect.poll(async () => (await stored()).length, patient).toBe(round * origins.length);
    const ids = await stored();
    expect(new Set(ids).size).toBe(ids.length);
  };
  return { url, start, play, stored, isAllStored };
}

const share = (processors: readonly Processor[]) =>
  expect.poll(() => processors.flatMap(held).sort(), patient).toEqual([...all].sort());

describe("processors that share", () => {
  test("take over from each other without a gap, and store each transition once", async () => {
    const { start, play, isAllStored } = await setUp();
    const one = start("one");
    await play();
    await share([one]);
    const other = start("other");
    const deadline = Date.now() + 20_000;
    while (held(other).length === 0 && Date.now() < deadline) {
      await play();
      await wait(20);
    }
    await share([one, other]);
    await play();
    await isAllStored();
    const elsewhere = (): unknown => one.state().elsewhere.map(({ partition }) => partition);
    await expect.poll(elsewhere, patient).toEqual(held(other).sort((a, b) => a - b));

    await one.stop();
    await play();
    await share([other]);
    await isAllStored();
  });

  test("are served by the others when one is cut off, whatever that one still does", async () => {
    const { url, start, play, isAllStored } = await setUp();
    const one = start("one");
    const backbone = testBackbone(url, "other");
    const other = start("other", backbone);
    await expect.poll(() => held(other).length, patient).toBeGreaterThan(0);
    await share([one, other]);
    await play();

    await backbone.close();
    await play();

    await expect.poll(() => held(one).sort(), patient).toEqual([...all].sort());
    await isAllStored();
  });

  test("store nothing twice when one wakes that was paused with its work half done", async () => {
    const { url, start, play, isAllStored } = await setUp();
    const one = start("one");
    const backbone = testBackbone(url, "other");
    const gate = gated(backbone);
    const other = start("other", gate.backbone);
    await expect.poll(() => held(other).length, patient).toBeGreaterThan(0);
    await share([one, other]);

    gate.shut();
    await play();
    await expect.poll(() => held(one).sort(), patient).toEqual([...all].sort());
    gate.open();
    await play();

    await isAllStored();
    await share([one, other]);
    await play();
    await isAllStored();
  });
});

/** A backbone whose user waits for it, as one does that is stopped, while the gate is shut. */
function gated(backbone: Backbone) {
  let waiting = Promise.resolve();
  let open = (): void => {};
  return {
    backbone: instead(backbone, {
      connected: async (signal) => {
        await waiting;
        return backbone.connected(signal);
      },
    }),
    shut() {
      waiting = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
  };
}
