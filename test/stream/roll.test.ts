import { describe, expect, onTestFinished, test } from "vitest";
import { type Clock, sleep } from "../../src/core/clock.ts";
import { leasesBucket } from "../../src/core/subject.ts";
import { cacheBucket, openBucket } from "../../src/stream/kv.ts";
import { Roll, type RollDependencies } from "../../src/stream/roll.ts";
import type { Company } from "../../src/stream/share-out.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { fastClock } from "../support/fast-clock.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";

const patient = { timeout: 20_000 };
const partitions = Array.from({ length: 64 }, (_, number) => String(number));

/** One that calls every second until it is paused or its test ends. */
interface Caller {
  readonly roll: Roll;
  readonly cut: () => Promise<void>;
  isPaused: boolean;
  holds: Record<string, number>;
  company: Company | undefined;
}

/** So many times as fast as in life. */
const times = 15;

const ownCount = ({ company }: Caller): number =>
  partitions.filter((number) => company?.isOwn(number)).length;

async function setUp() {
  const { url } = await natsServer();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const options = backboneOptionsFor(url);
  const roll = (
    deps: Partial<RollDependencies> & Pick<RollDependencies, "clock">,
    backbone = testBackbone(url),
  ): Roll =>
    new Roll({
      role: "processor",
      bucket: cacheBucket(backbone, leasesBucket, options),
      logger: silentLogger,
      name: "box",
      mark: { own: undefined, isGone: async () => false },
      ...deps,
    });
  const caller = (deps: Partial<RollDependencies> = {}): Caller => {
    const clock: Clock = fastClock(times);
    const backbone = testBackbone(url);
    const calling = roll({ clock, ...deps }, backbone);
    const found: Caller = {
      roll: calling,
      cut: () => backbone.close(),
      isPaused: false,
      holds: {},
      company: undefined,
    };
    void (async () => {
      while (!stop.signal.aborted) {
        if (!found.isPaused)
          found.company = await calling.call(found.holds, stop.signal).catch(() => found.company);
        await sleep(clock, 1_000, stop.signal);
      }
    })();
    return found;
  };
  const bucket = await openBucket(await connectionOf(testBackbone(url)), leasesBucket, 1);
  return { bucket, caller, roll };
}

describe("the roll of processors", () => {
  test("gives everything to who is alone, and a newcomer its share once it is settled", async () => {
    const { caller } = await setUp();
    const first = caller();
    await expect.poll(() => ownCount(first), patient).toBe(64);

    const second = caller();
    await expect.poll(() => second.company, patient).toBeDefined();
    expect(ownCount(second)).toBe(0);

    await expect.poll(() => ownCount(second), patient).toBeGreaterThan(10);
    await expect.poll(() => ownCount(first) + ownCount(second), patient).toBe(64);
  });

  test("tells who holds what since when, until that one says goodbye", async () => {
    const { caller } = await setUp();
    const [first, second] = [caller(), caller()];
    second.holds = { 7: 1_000 };

    await expect.poll(() => first.company?.isHeldElsewhere("7"), patient).toBe(true);
    expect(first.company?.elsewhere).toMatchObject([{ share: "7", sinceMs: 1_000 }]);

    second.isPaused = true;
    await second.roll.leave(new AbortController().signal);
    await expect.poll(() => first.company?.isHeldElsewhere("7"), patient).toBe(false);
  });

  test("strikes off who stood still for long, and that one finds out before it is given anything", async () => {
    const { caller } = await setUp();
    const [first, second] = [caller(), caller()];
    await expect.poll(() => ownCount(second), patient).toBeGreaterThan(0);
    await expect.poll(() => ownCount(first) + ownCount(second), patient).toBe(64);

    second.isPaused = true;
    await expect.poll(() => ownCount(first), patient).toBe(64);

    second.isPaused = false;
    await expect.poll(() => ownCount(second), patient).toBe(0);
    expect(ownCount(first)).toBe(64);
    await expect.poll(() => ownCount(second), patient).toBeGreaterThan(0);
    await expect.poll(() => ownCount(first) + ownCount(second), patient).toBe(64);
  });

  test("strikes nobody off while the backbone was away for all", async () => {
    const { roll } = await setUp();
    const clock = new ManualClock();
    const rolls = [roll({ clock }), roll({ clock })];
    const { signal } = new AbortController();
    const callAll = async (): Promise<string[]> => {
      const shares: string[] = [];
      for (const each of rolls) {
        const company = await each.call({}, signal);
        shares.push(partitions.filter((number) => company.isOwn(number)).join(" "));
      }
      await clock.advance(1_000);
      return shares;
    };
    for (let look = 0; look < 10; look += 1) await callAll();
    const before = await callAll();
    expect(before.every((share) => share !== "")).toBe(true);

    // As long as it takes to be struck off, several times.
    await clock.advance(40_000);
    for (let look = 0; look < 20; look += 1) expect(await callAll()).toEqual(before);
  });

  test("strikes off who stands still also where each look takes long", async () => {
    const { roll } = await setUp();
    const clock = new ManualClock();
    const [standing, slow] = [roll({ clock }), roll({ clock })];
    const { signal } = new AbortController();
    await standing.call({}, signal);
    let company = await slow.call({}, signal);
    expect(company.isOwn("1")).toBe(false);
    for (let look = 0; look < 4; look += 1) {
      await clock.advance(5_000);
      company = await slow.call({}, signal);
    }
    expect(partitions.every((number) => company.isOwn(number))).toBe(true);
  });

  test("strikes off at once whose process is no more on the same machine", async () => {
    const { bucket, caller } = await setUp();
    const ended = new Set<string>();
    const markedBy = (own: string) => ({ own, isGone: async (mark: string) => ended.has(mark) });
    const second = caller({ mark: markedBy("2") });
    await expect.poll(() => ownCount(second), patient).toBe(64);
    second.isPaused = true;
    ended.add("2");

    const first = caller({ mark: markedBy("1") });

    await expect.poll(() => first.company, patient).toBeDefined();
    expect(ownCount(first)).toBe(64);
    expect((await bucket.keys("processor.*")).length).toBe(2);
  });

  test("passes over what no processor wrote", async () => {
    const { bucket, caller } = await setUp();
    await bucket.put("processor.strange", new TextEncoder().encode("{]"), 0);
    await bucket.put("processor.other", new TextEncoder().encode('{"id":"x","holds":[]}'), 0);

    const first = caller();

    await expect.poll(() => ownCount(first), patient).toBe(64);
  });
});
