import { describe, expect, it } from "vitest";
import { toDeviceId, toSeq } from "../../src/core/ids.ts";
import { isDurable, type Receipt } from "../../src/core/receipt.ts";
import { NoiseQuota } from "../../src/gateway/noise-quota.ts";
import type { RejectionEvent } from "../../src/gateway/rejection-quota.ts";
import { ManualClock } from "../support/manual-clock.ts";

function quota() {
  const clock = new ManualClock();
  const kept: RejectionEvent[] = [];
  const receipts: Receipt[] = [];
  const listeners: (() => void)[] = [];
  let durable = 0;
  const log = {
    get durableSeq() {
      return toSeq(durable);
    },
    get lastSeq() {
      return toSeq(kept.length);
    },
    onDurable(listener: () => void) {
      listeners.push(listener);
      return () => {};
    },
  };
  const made = new NoiseQuota(clock, log, (event) => toSeq(kept.push(event)));
  const commit = (): void => {
    durable = kept.length;
    for (const listener of listeners) listener();
  };
  const send = (topic: string, isAwaited: boolean, differs: Partial<RejectionEvent> = {}): void =>
    void receipts.push(made.take({ ...noise(topic), ...differs }, isAwaited));
  /** What was only counted is not known while these are not on disk. */
  const acked = (): number => receipts.filter((one) => isDurable(one, toSeq(durable))).length;
  const accounted = (): number => kept.reduce((sum, { data }) => sum + 1 + (data.notKept ?? 0), 0);
  const withPayload = (): RejectionEvent[] => kept.filter(({ data }) => data.payload !== "");
  return { accounted, acked, clock, commit, kept, quota: made, send, withPayload };
}

function noise(topic: string): RejectionEvent {
  const data = { code: "no-profile", reason: "nobody takes it", topic, payload: "eA==" } as const;
  return { kind: "rejection", device: null, timeMs: 0, receivedMs: 0, clock: "gateway", data };
}

describe("what nobody reads", () => {
  it("is kept three times with its payload, and said once in an hour with the exact number", async () => {
    const { accounted, clock, commit, kept, send, withPayload } = quota();
    for (let n = 0; n < 1_000; n += 1) {
      send("bridge/logging", false);
      commit();
    }
    expect(kept).toHaveLength(3);
    await clock.advance(3_600_000);
    expect(kept).toHaveLength(4);
    expect(kept[3]?.data).toMatchObject({ payload: "", truncated: true, notKept: 996 });
    expect([accounted(), withPayload().length]).toEqual([1_000, 3]);
    send("bridge/logging", false);
    expect(withPayload()).toHaveLength(4);
  });

  it("is counted by topic, also while nobody waits for an answer", async () => {
    const { clock, kept, send } = quota();
    for (let n = 0; n < 10; n += 1) for (const topic of ["a", "b"]) send(topic, false);
    await clock.advance(3_600_000);
    expect(kept.slice(6).map(({ data }) => [data.topic, data.notKept])).toEqual([
      ["a", 6],
      ["b", 6],
    ]);
  });

  it("is acknowledged when the record that counts it is on disk, one record a commit", () => {
    const { accounted, acked, commit, kept, send } = quota();
    for (let n = 0; n < 3; n += 1) send("a", true);
    for (let n = 0; n < 100; n += 1) send("a", true);
    expect([kept.length, acked()]).toEqual([3, 0]);
    commit();
    expect([kept.length, accounted(), acked()]).toEqual([4, 103, 3]);
    commit();
    expect(acked()).toBe(103);
    // The disk has nothing to do: nobody waits for anything but the write.
    send("a", true);
    expect([kept.length, accounted()]).toEqual([5, 104]);
    commit();
    expect(acked()).toBe(104);
  });

  it("never acknowledges more than is accounted for on disk", () => {
    const { accounted, acked, commit, send } = quota();
    let sent = 0;
    for (let round = 0; round < 50; round += 1) {
      for (let n = 0; n < round % 7; n += 1, sent += 1) send(`t${n % 3}`, true);
      if (round % 3 === 0) commit();
      expect(acked()).toBeLessThanOrEqual(accounted());
    }
    commit();
    commit();
    expect([acked(), accounted()]).toEqual([sent, sent]);
  });

  it("takes bounded room, whatever topics are made up", async () => {
    const { accounted, clock, kept, send, quota: made } = quota();
    for (let n = 0; n < 20_000; n += 1) send(`made/up/${n}`, false);
    send("x".repeat(60_000), false);
    expect(kept.length).toBeLessThan(1_030);
    await clock.advance(3_600_000);
    expect(kept.length).toBeLessThan(1_030);
    expect(accounted()).toBe(20_001);
    const large = { ...noise("large").data, payload: "x".repeat(2 ** 20) };
    for (let n = 0; n < 100; n += 1) send(`large/${n}`, false, { data: large });
    made.stop();
    const characters = kept.reduce((sum, { data }) => sum + data.payload.length, 0);
    expect(characters).toBeLessThan(17 * 2 ** 20);
    expect(accounted()).toBe(20_101);
  });

  it("names a device every few seconds, which proves that it lives", async () => {
    const { accounted, clock, kept, send } = quota();
    const device = toDeviceId("d1");
    for (let second = 0; second < 60; second += 1) {
      send("a", false, { device });
      await clock.advance(1_000);
    }
    expect(kept.length).toBeGreaterThanOrEqual(3 + 5);
    expect(kept.length).toBeLessThan(12);
    expect(accounted()).toBeGreaterThan(45);
  });

  it("is said before the end", () => {
    const { accounted, quota: made, send } = quota();
    for (let n = 0; n < 10; n += 1) send("a", n % 2 === 0);
    made.stop();
    expect(accounted()).toBe(10);
  });
});
