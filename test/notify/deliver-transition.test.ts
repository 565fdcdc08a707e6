import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { AttemptFacts } from "../../src/notify/attempt-log.ts";
import { deliverTransition } from "../../src/notify/deliver-transition.ts";
import type { Delivery } from "../../src/notify/receiver.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import { reading, storedEvent } from "../support/gateway-stream.ts";
import { ManualClock } from "../support/manual-clock.ts";

const hourMs = 3_600_000;

function transition(): AlertTransition {
  const event = storedEvent(reading("f1", 1, 1), "aaaaaaaa", 1);
  const [draft] = createCountingEngine().feed(event);
  if (!draft) throw new Error("no transition");
  return { ...draft, late: false, observed_at: draft.at };
}

/** A delivery under way, by a clock that the test moves; waits are as long as they may be. */
function start(answers: (attempt: number) => Delivery) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const noted: AttemptFacts[] = [];
  const atMs: number[] = [];
  const done = deliverTransition(transition(), stop.signal, {
    name: "hook",
    receiver: {
      async deliver() {
        atMs.push(clock.monotonicMs());
        return answers(atMs.length);
      },
    },
    attempts: {
      note: async (attempt) => void noted.push(attempt),
      bury: async (attempt) => noted.push(attempt) > 0,
    },
    clock,
    random: () => 0.999_999,
    onAttempt: () => {},
  });
  return { clock, done, noted, atMs, stop };
}

const failed: Delivery = { kind: "failed", reason: "answered 500" };

describe("delivery of a transition", () => {
  test("waits twice as long after each failure, up to five minutes", async () => {
    const { clock, atMs } = start(() => failed);
    await clock.advance(hourMs / 2);

    const waits = atMs.slice(1).map((at, index) => Math.round((at - (atMs[index] ?? 0)) / 1_000));
    expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  test("gives up after a day, and not before", async () => {
    const { clock, done, noted } = start(() => failed);
    await clock.advance(23 * hourMs);
    expect(noted.every(({ outcome }) => outcome === "failed")).toBe(true);

    await clock.advance(2 * hourMs);

    expect(await done).toBe(true);
    expect(noted.at(-1)).toMatchObject({
      outcome: "dead-letter",
      reason: "answered 500; given up after a day",
    });
  });

  test("ends when it is stopped while it waits, without being done", async () => {
    const { clock, done, stop, atMs } = start(() => failed);
    await clock.advance(10);
    stop.abort();

    expect(await done).toBe(false);
    expect(atMs).toHaveLength(1);
  });
});
