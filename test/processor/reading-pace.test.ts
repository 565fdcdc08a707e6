import { describe, expect, it } from "vitest";
import { toGatewayId, toSiteId, toStreamSeq } from "../../src/core/ids.ts";
import { gatewayStream } from "../../src/core/subject.ts";
import { GatewaySightings } from "../../src/processor/gateway-sightings.ts";
import { ReadingPace } from "../../src/processor/reading-pace.ts";
import { ManualClock } from "../support/manual-clock.ts";

const streamOf = (name: string) => gatewayStream(toGatewayId(name));

function setUp(...names: readonly string[]) {
  const ahead = new Set<string>();
  const clock = new ManualClock();
  const pace = new ReadingPace({ isAhead: (gateway) => ahead.has(gateway) }, clock);
  for (const name of names) pace.enter(streamOf(name));
  const passed: string[] = [];
  const stop = new AbortController();
  const read = async (name: string): Promise<void> => {
    await pace.wait(streamOf(name), stop.signal);
    passed.push(name);
  };
  /** A look at streams of which nothing is left to read. */
  const seeRead = (...read: readonly string[]): void => {
    const sightings = new GatewaySightings(5_000);
    const seen = read.map((name) => ({
      gateway: { site: toSiteId("s"), gateway: toGatewayId(name), stream: streamOf(name) },
      ...{ lastSeq: toStreamSeq(1), messages: 0, lastStoredMs: 1 },
    }));
    sightings.look(seen, {}, 0);
    pace.look(sightings, new Map());
  };
  const settle = async (): Promise<readonly string[]> => {
    for (let n = 0; n < 20; n += 1) await Promise.resolve();
    return passed;
  };
  return { ahead, clock, pace, read, seeRead, settle, stop };
}

describe("the pace of reading", () => {
  it("lets who is far ahead wait until the others have come as far", async () => {
    const { ahead, pace, read, settle } = setUp("fast", "slow");
    ahead.add("fast");
    const waiting = read("fast");
    expect(await settle()).toEqual([]);
    await read("slow");
    pace.move(streamOf("slow"));
    expect(await settle()).toEqual(["slow"]);
    ahead.delete("fast");
    pace.move(streamOf("slow"));
    await waiting;
    expect(await settle()).toEqual(["slow", "fast"]);
  });

  it("holds nobody back for a stream of which everything was read, or that is not read any more", async () => {
    const { ahead, pace, read, seeRead } = setUp("fast", "silent");
    ahead.add("fast");
    const first = read("fast");
    seeRead("silent");
    await first;
    seeRead();
    const second = read("fast");
    pace.leave(streamOf("silent"));
    await second;
  });

  it("lets not all wait for each other", async () => {
    const { ahead, read } = setUp("one", "other");
    ahead.add("one").add("other");
    await Promise.race([read("one"), read("other")]);
  });

  it("waits no longer than half a minute for streams that come no further, and not over a stop", async () => {
    const { ahead, clock, pace, read, settle, stop } = setUp("fast", "broken");
    ahead.add("fast");
    const first = read("fast");
    await clock.advance(29_999);
    expect(await settle()).toEqual([]);
    await clock.advance(1);
    await first;
    pace.move(streamOf("fast"));
    await read("fast");
    pace.move(streamOf("broken"));
    const again = read("fast");
    expect(await settle()).toEqual(["fast", "fast"]);
    stop.abort();
    await again;
  });
});
