import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { eventIdOf, toGatewayId, toRunId, toSeq } from "../../src/core/ids.ts";
import { completeTransition } from "../../src/processor/complete-transition.ts";
import { HeadComparison } from "../../src/processor/head-comparison.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import { origin, reading, storedEvent } from "../support/gateway-stream.ts";
import { silentLogger } from "../support/silence.ts";

const never = () => false;

const idOf = (seq: number) => eventIdOf(origin.gateway, toRunId("aaaaaaaa"), toSeq(seq));

const event = (seq: number, value: number): StoredEvent =>
  storedEvent(reading("f1", value, seq), "aaaaaaaa", seq);

/** What an engine finds in these events, as it is stored. */
function stored(...events: readonly StoredEvent[]): AlertTransition[] {
  const engine = createCountingEngine();
  return events.flatMap((each) => {
    const { run, seq } = each.position;
    return engine
      .feed(each)
      .map((draft) =>
        completeTransition(draft, [eventIdOf(origin.gateway, run, seq)], Date.parse(draft.at), 1),
      );
  });
}

/** A comparison with an engine that was fed these events, before a stream with these heads. */
function setUp(heads: readonly AlertTransition[], ...fed: readonly StoredEvent[]) {
  const engine = createCountingEngine();
  for (const each of fed) engine.feed(each);
  const comparison = new HeadComparison(engine, silentLogger);
  let reads = 0;
  const readHeads = async (onHead: (head: AlertTransition) => void): Promise<void> => {
    reads += 1;
    heads.forEach(onHead);
  };
  return {
    engine,
    comparison,
    compare: (hasPassed = never) => comparison.compare(readHeads, hasPassed),
    reads: () => reads,
  };
}

const say = (found: readonly { readonly state: string; readonly reason: string }[]) =>
  found.map(({ reason, state }) => `${state} ${reason}`);

describe("a comparison of the rules with the alerts stream", () => {
  test("finds nothing to do where both say the same, and looks once", async () => {
    const { compare, reads } = setUp(stored(event(1, 1)), event(1, 1));
    expect(await compare(() => true)).toEqual([]);
    expect(await compare(() => true)).toEqual([]);
    expect(reads()).toBe(1);
  });

  test("looks again when that is demanded", async () => {
    const { compare, comparison, reads } = setUp([]);
    await compare();
    comparison.demand();
    await compare();
    expect(reads()).toBe(2);
  });

  test("stores again what the stream has not got", async () => {
    const { compare } = setUp([], event(1, 1));
    expect(say(await compare())).toEqual(["firing for_elapsed"]);
  });

  test("leaves alone what the rules come to by themselves", async () => {
    const { compare, comparison, engine } = setUp(stored(event(2, 1)), event(1, 0));
    expect(await compare()).toEqual([]);
    expect(comparison.meet(event(2, 1))).toEqual([]);
    for (const found of engine.feed(event(2, 1))) expect(comparison.admit(found)).toBe(true);
    expect(comparison.meet(event(3, 1))).toEqual([]);
    expect(await compare(() => true)).toEqual([]);
  });

  test("goes on behind it just before the first event that comes after it", async () => {
    const { compare, comparison } = setUp(stored(event(2, 1)), event(1, 0));
    await compare();
    const elsewhere = { ...event(9, 0), origin: { ...origin, gateway: toGatewayId("gw2") } };
    expect(comparison.meet(elsewhere)).toEqual([]);
    expect(say(comparison.meet(event(3, 0)))).toEqual(["ended data_lost"]);
    expect(comparison.meet(event(4, 0))).toEqual([]);
  });

  test("does not take another change with the same number for the stored one", async () => {
    const heads = stored(event(1, 1), event(2, 0)).slice(-1);
    const { compare, comparison, engine } = setUp(heads, event(1, 1));
    await compare();
    const [open] = engine.open();
    if (!open) throw new Error("nothing is open");
    expect(comparison.admit({ ...open, n: 2, reason: "stale" })).toBe(true);

    expect(comparison.meet(event(3, 1))).toEqual([]);

    // The stream says that the episode is over, so the next breach begins another.
    expect([...engine.open()]).toEqual([]);
  });

  test("gives on the end that is stored, so that it is held back for a stream that loses it", async () => {
    const heads = stored(event(1, 1), event(2, 0)).slice(-1);
    const { compare, comparison, engine } = setUp(heads, event(1, 1));
    await compare();
    const [end] = engine.feed(event(2, 0));
    expect(end?.id).toBe(heads[0]?.id);
    expect(end && comparison.admit(end)).toBe(true);
  });

  test("lets no episode end behind its end", async () => {
    const heads = stored(event(1, 1), event(2, 0)).slice(-1);
    const { compare, comparison, engine } = setUp(heads, event(1, 1));
    await compare();
    const [late] = engine.feed(event(3, 0));
    if (!late) throw new Error("nothing ended");

    expect(comparison.admit({ ...late, n: 3 })).toBe(false);

    expect(comparison.admit({ ...late, n: 3 })).toBe(true);
    expect(comparison.meet(event(4, 0))).toEqual([]);
  });

  test("lets go of what a person cleared, once the rules came to where that was", async () => {
    const [fired] = stored(event(1, 1));
    if (!fired) throw new Error("nothing fired");
    const cleared: AlertTransition = { ...fired, n: 2, state: "ended", reason: "cleared" };
    const { compare, comparison, engine } = setUp([{ ...cleared, read_up_to: idOf(2) }]);
    await compare();
    for (const seq of [1, 2]) {
      expect(comparison.meet(event(seq, 1))).toEqual([]);
      for (const found of engine.feed(event(seq, 1))) expect(comparison.admit(found)).toBe(true);
      expect(comparison.isAhead(fired.instance)).toBe(true);
    }
    expect([...engine.open()]).toHaveLength(1);

    expect(comparison.meet(event(3, 1))).toEqual([]);

    expect([...engine.open()]).toEqual([]);
    expect(comparison.isAhead(fired.instance)).toBe(false);
  });

  test("asks nothing of the rules for what ended before all that is still to be read", async () => {
    const engine = createCountingEngine();
    const goOnBehind = () => {
      throw new Error("nothing is left to find");
    };
    const comparison = new HeadComparison({ ...engine, goOnBehind }, silentLogger);
    const [, ended] = stored(event(1, 1), event(2, 0));
    const readHeads = async (onHead: (head: AlertTransition) => void) => ended && onHead(ended);
    expect(await comparison.compare(readHeads, () => true)).toEqual([]);
    expect(comparison.meet(event(3, 1))).toEqual([]);
  });

  test("goes on behind what is about a site once the events of all its gateways were met", async () => {
    const other = (seq: number): StoredEvent => ({
      ...event(seq, 0),
      origin: { ...origin, gateway: toGatewayId("gw2") },
    });
    const [head] = stored(event(2, 1)).map((each) => ({
      ...each,
      read_also: [eventIdOf(toGatewayId("gw2"), toRunId("aaaaaaaa"), toSeq(5))],
    }));
    if (!head) throw new Error("nothing fired");
    const { compare, comparison } = setUp([head], event(1, 0));
    await compare();
    expect(comparison.meet(event(3, 0))).toEqual([]);
    expect(comparison.meet(other(5))).toEqual([]);
    expect(say(comparison.meet(other(6)))).toEqual(["ended data_lost"]);
  });

  test("waits for ever where nobody noted which event was behind it", async () => {
    const heads = stored(event(2, 1)).map(({ read_up_to: _, ...head }) => head);
    const { compare, comparison } = setUp(heads, event(1, 0));
    expect(await compare(() => true)).toEqual([]);
    expect(comparison.meet(event(9, 0))).toEqual([]);
  });
});
