import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Timer } from "../../src/core/clock.ts";
import { type Seq, toSeq } from "../../src/core/ids.ts";
import { DevicesFirst } from "../../src/forward/devices-first.ts";

/** A log whose commits, and a clock whose time, come by hand. */
function byHand() {
  let nowMs = 0;
  let durableSeq = toSeq(100);
  let lastSeq = toSeq(100);
  const listeners = new Set<() => void>();
  const timers = new Set<() => void>();
  const log = {
    get durableSeq(): Seq {
      return durableSeq;
    },
    get lastSeq(): Seq {
      return lastSeq;
    },
    onDurable(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const clock = {
    ...systemClock,
    monotonicMs: () => nowMs,
    setTimer(_: number, callback: () => void): Timer {
      timers.add(callback);
      return { cancel: () => timers.delete(callback) };
    },
  };
  return {
    first: new DevicesFirst(log, clock),
    append: (count: number) => {
      lastSeq = toSeq(lastSeq + count);
    },
    commit() {
      durableSeq = lastSeq;
      for (const listener of [...listeners]) listener();
    },
    pass(ms: number) {
      nowMs += ms;
    },
    ring() {
      for (const timer of [...timers]) timer();
    },
    waiting: () => listeners.size + timers.size,
  };
}

/** Sends until there is something to wait for; gives how many went and what it is. */
function sendUntilHeld(first: DevicesFirst, most = 100_000) {
  for (let count = 1; count <= most; count += 1) {
    const held = first.sent();
    if (held) return { count, held };
  }
  return { count: most, held: undefined };
}

describe("DevicesFirst", () => {
  test("holds nothing up where no device speaks", () => {
    const { first } = byHand();
    expect(sendUntilHeld(first).held).toBeUndefined();
  });

  test("lets a small portion go, and the next one behind the commit", async () => {
    const { append, commit, first, waiting } = byHand();
    append(1);
    const { count, held } = sendUntilHeld(first);
    expect(count).toBe(32);
    let isOver = false;
    void held?.then(() => {
      isOver = true;
    });
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    commit();
    await held;
    expect(waiting()).toBe(0);
  });

  test("sends several for each record that becomes durable, so it is never this wait that lets a backlog grow", async () => {
    const { append, commit, first } = byHand();
    let sent = 0;
    for (let round = 0; round < 50; round += 1) {
      append(500);
      const { count, held } = sendUntilHeld(first);
      sent += count;
      commit();
      await held;
    }
    expect(sent).toBeGreaterThan(49 * 4 * 500);
  });

  test("waits once for a disk that takes nothing", async () => {
    const { append, commit, first, ring, waiting } = byHand();
    append(1);
    const stuck = sendUntilHeld(first);
    ring();
    await stuck.held;
    for (let round = 0; round < 20; round += 1) {
      append(1);
      const { held } = sendUntilHeld(first);
      expect(waiting()).toBe(0);
      await held;
    }
    commit();
    append(1);
    void sendUntilHeld(first);
    expect(waiting()).toBe(2);
  });

  test("goes on for as long as it waited, so a slow disk takes half of the time at most", async () => {
    const { append, commit, first, pass, waiting } = byHand();
    append(1);
    const slow = sendUntilHeld(first);
    pass(8);
    commit();
    await slow.held;
    append(1);
    for (let portion = 0; portion < 8; portion += 1) {
      await sendUntilHeld(first).held;
      expect(waiting()).toBe(0);
      pass(1);
    }
    append(1);
    void sendUntilHeld(first);
    expect(waiting()).toBe(2);
  });

  test("forgets devices that said nothing for a while", async () => {
    const { append, commit, first, pass } = byHand();
    append(1);
    const { held } = sendUntilHeld(first);
    commit();
    await held;
    expect(sendUntilHeld(first).held).toBeDefined();
    pass(20);
    expect(sendUntilHeld(first).held).toBeUndefined();
  });
});
