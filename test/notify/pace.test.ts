import { describe, expect, test } from "vitest";
import { Pace } from "../../src/notify/pace.ts";
import { ManualClock } from "../support/manual-clock.ts";

const failed = { kind: "failed", reason: "answered 500" } as const;
const delivered = { kind: "delivered" } as const;

function setUp() {
  const clock = new ManualClock();
  let rooms = 0;
  const pace = new Pace(clock, () => {
    rooms += 1;
  });
  /** Begins as many as may go; gives their ends. */
  const fill = () => {
    const ends: ReturnType<Pace["begin"]>[] = [];
    while (pace.open) ends.push(pace.begin(false));
    return ends;
  };
  return { clock, pace, fill, rooms: () => rooms };
}

describe("the pace of telling a receiver", () => {
  test("lets 32 go at once, and others in the places of those that wait long", async () => {
    const { clock, fill, rooms } = setUp();
    expect(fill()).toHaveLength(32);
    await clock.advance(1_000);
    expect(rooms()).toBe(32);
    for (let second = 2; second <= 8; second += 1) {
      expect(fill()).toHaveLength(32);
      await clock.advance(1_000);
    }
    expect(fill()).toHaveLength(0);
  });

  test("keeps half of the places for what was not tried before", () => {
    const { pace } = setUp();
    let again = 0;
    for (; pace.open && pace.openAgain; again += 1) pace.begin(true);
    expect(again).toBe(16);
    expect(pace.open).toBe(true);
  });

  test("stands still while the receiver rests, then lets one go first and more with each answer", async () => {
    const { clock, fill, pace, rooms } = setUp();
    pace.begin(false)({ kind: "failed", reason: "answered 429", restMs: 15_000 });
    expect(pace.open).toBe(false);
    await clock.advance(14_999);
    expect(pace.open).toBe(false);
    await clock.advance(1);
    expect(rooms()).toBe(1);

    const [first, ...others] = fill();
    expect(others).toHaveLength(0);
    first?.(delivered);
    const two = fill();
    expect(two).toHaveLength(2);
    for (const end of two) end(failed);
    expect(fill()).toHaveLength(4);
  });

  test("knows the end of an outage from a failure among others", async () => {
    const { clock, pace } = setUp();
    expect(pace.begin(false)(failed)).toBe(false);
    expect(pace.begin(false)(delivered)).toBe(false);
    pace.begin(false)(failed);
    await clock.advance(10_000);
    pace.begin(false)(failed);
    expect(pace.begin(false)(delivered)).toBe(true);
    expect(pace.begin(false)(delivered)).toBe(false);
  });
});
