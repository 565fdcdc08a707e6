import { describe, expect, it } from "vitest";
import type { GapRange } from "../../src/core/event.ts";
import { createDrafter } from "../../src/core/event-draft.ts";
import { toGatewayId, toRunId, toSeq, toSiteId, toStreamSeq } from "../../src/core/ids.ts";
import type { RecordDraft } from "../../src/core/record-draft.ts";
import {
  append,
  appendMany,
  appendThen,
  draftOf,
  gapsAmong,
  numberOf,
  openTestLog,
  place,
  positionAt,
  readAll,
  settle,
} from "../support/test-log.ts";

const draftEvent = createDrafter({ site: toSiteId("plant-a"), gateway: toGatewayId("gw1") });

/** The record of a gap; what a range leaves out is of run `a`, telemetry. */
function gapDraft(ranges: readonly Partial<GapRange>[]): RecordDraft {
  const one = toSeq(1);
  const whole = ranges.map((range) => ({
    ...{ run: toRunId("a0000000"), from: one, to: one, count: 1 },
    ...{ class: "telemetry" as const, reason: "damaged" },
    ...range,
  }));
  const nowMs = 1_700_000_000_000;
  const facts = { timeMs: nowMs, receivedMs: nowMs, clock: "gateway" } as const;
  return draftEvent({ ...facts, kind: "gap", device: null, data: { ranges: whole } });
}

describe("append()", () => {
  it("gives ids in order and tells who waits only after the sync, in order of the calls", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    const told: string[] = [];
    disk.fault = (call) => {
      if (call === "sync") told.push("sync");
      return undefined;
    };
    for (let n = 1; n <= 3; n += 1) appendThen(log, draftOf(n), () => told.push(`done ${n}`));
    expect(log.lastSeq).toBe(3);
    expect(log.durableSeq).toBe(0);
    await settle();
    expect(told).toEqual(["sync", "sync", "done 1", "done 2", "done 3"]);
    expect(log.durableSeq).toBe(3);
    const ids = (await readAll(log)).map(({ text }) => JSON.parse(text).id);
    expect(ids).toEqual(["gw1.a0000000.1", "gw1.a0000000.2", "gw1.a0000000.3"]);
  });

  it("puts all that waits into one write and one sync while another is under way", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { max_bytes: 2 ** 20 });
    await append(log, draftOf(1));
    const calls: string[] = [];
    disk.fault = (call) => {
      if (call === "write" || call === "sync") calls.push(call);
      return undefined;
    };
    appendThen(log, draftOf(2), () => {
      for (let n = 3; n <= 20; n += 1) log.append(draftOf(n));
    });
    await settle();
    expect(calls).toEqual(["write", "sync", "write", "sync"]);
    expect(log.durableSeq).toBe(20);
  });

  it("takes along what each look at the sockets brings, but waits a moment at most", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { max_bytes: 2 ** 20 });
    let syncs = 0;
    disk.fault = (call) => {
      if (call === "sync") syncs += 1;
      return undefined;
    };
    const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await append(log, draftOf(1));
    syncs = 0;
    for (let n = 2; n <= 10; n += 1) {
      log.append(draftOf(n));
      await nextTurn();
    }
    expect(log.durableSeq).toBe(1);
    await settle();
    expect(log.durableSeq).toBe(10);
    expect(syncs).toBe(1);
    for (let n = 11; n <= 100 && log.durableSeq === 10; n += 1) {
      log.append(draftOf(n));
      clock.stall(0.25);
      await nextTurn();
    }
    expect(log.durableSeq).toBeGreaterThan(10);
    expect(log.lastSeq).toBeLessThan(40);
  });

  it("waits for company as long as it is told to", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { commit_delay: 50 });
    log.append(draftOf(1));
    await clock.advance(40);
    log.append(draftOf(2));
    expect(log.durableSeq).toBe(0);
    await clock.advance(10);
    await settle();
    expect(log.durableSeq).toBe(2);
  });

  it("stores a resend once and acks it when the first copy is durable", async () => {
    const log = await openTestLog(place(), "a");
    const told: string[] = [];
    const identity = { counter: 4, boot: 1, hash: 9 };
    appendThen(log, draftOf(1, identity), () => told.push("first"));
    appendThen(log, draftOf(1, identity), () => told.push("again"));
    expect(told).toEqual([]);
    await settle();
    expect(told).toEqual(["first", "again"]);
    await append(log, draftOf(1, identity));
    await append(log, draftOf(2, { ...identity, hash: 10 }));
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2]);
  });

  it("recognizes a resend after a restart, also when the log was killed", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await append(log, draftOf(1, { counter: 1, boot: 0, hash: 1 }));
    const next = { disk: disk.crash(), clock };
    const again = await openTestLog(next, "b");
    await append(again, draftOf(1, { counter: 1, boot: 0, hash: 1 }));
    await append(again, draftOf(2, { counter: 2, boot: 0, hash: 2 }));
    await again.close();
    const third = await openTestLog(next, "c");
    await append(third, draftOf(1, { counter: 1, boot: 0, hash: 1 }));
    await append(third, draftOf(2, { counter: 2, boot: 0, hash: 2 }));
    expect((await readAll(third)).map(numberOf)).toEqual([1, 2]);
  });

  it("takes a message again that was on its way when its segment could not be begun", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    const message = draftOf(2, { counter: 2, boot: 0, hash: 2 }, 3_000);
    await append(log, draftOf(1, { counter: 1, boot: 0, hash: 1 }, 3_000));
    disk.fault = (call) => (call === "create" ? "EIO" : undefined);
    log.append(message);
    await settle();
    const again = await openTestLog({ disk: disk.crash(), clock }, "b");
    await append(again, message);
    expect((await readAll(again)).map(numberOf)).toEqual([1, 2]);
  });

  it("gives a seq that is never reached when the log is closed", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await log.close();
    const seq = log.append(draftOf(1));
    await clock.advance(10_000);
    await settle();
    expect(log.durableSeq).toBeLessThan(seq);
    expect(disk.paths.filter((path) => path.endsWith(".seg"))).toEqual([]);
  });
});

describe("a reader", () => {
  it("goes over segments and runs in order, from any place", async () => {
    const where = place();
    const log = await openTestLog(where, "a", { max_bytes: 64 * 1024 });
    await appendMany(log, 1, 100);
    await log.close();
    const next = await openTestLog(where, "b", { max_bytes: 64 * 1024 });
    for (let from = 101; from <= 200; from += 10) await appendMany(next, from, 10);
    expect(next.state().segments).toBeGreaterThan(4);
    const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
    expect((await readAll(next)).map(numberOf)).toEqual(numbers);
    expect((await readAll(next, 150)).map(numberOf)).toEqual(numbers.slice(150));
    const runs = new Set((await readAll(next)).map(({ run }) => run));
    expect([...runs]).toEqual(["a0000000", "b0000000"]);
  });

  it("sees nothing that is not durable, and all that becomes so", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await append(log, draftOf(1));
    const reader = await log.openReader(toSeq(0));
    expect(await reader.next(10)).toHaveLength(1);
    disk.fault = (call) => (call === "sync" ? "EIO" : undefined);
    log.append(draftOf(2));
    await settle();
    expect(await reader.next(10)).toEqual([]);
    disk.heal();
    await clock.advance(5_000);
    await settle();
    expect((await reader.next(10)).map(({ seq }) => seq)).toEqual([2]);
  });

  it("gives at most as many as asked for", async () => {
    const log = await openTestLog(place(), "a");
    await appendMany(log, 1, 10);
    const reader = await log.openReader(toSeq(0));
    expect(await reader.next(3)).toHaveLength(3);
    expect(await reader.next(100)).toHaveLength(7);
  });

  it("reads a record that is larger than any chunk", async () => {
    const log = await openTestLog(place(), "a", { max_bytes: 64 * 2 ** 20 });
    await append(log, draftOf(1, undefined, 3 * 2 ** 20));
    await append(log, draftOf(2));
    const records = await readAll(log);
    expect(records.map(numberOf)).toEqual([1, 2]);
    expect(records[0]?.text.length).toBeGreaterThan(3 * 2 ** 20);
  });

  it("that publishes has its segment named on disk before it gives the first record", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await append(log, draftOf(1));
    const reader = await log.openReader(toSeq(0), { publishing: true });
    disk.fault = (_, path) => (path.includes("cursor") ? "EIO" : undefined);
    await expect(reader.next(10)).rejects.toThrow("EIO");
    disk.heal();
    expect(await reader.next(10)).toHaveLength(1);
    expect(disk.paths).toContain("/log/cursor");
  });
});

describe("confirm()", () => {
  it("is remembered over a crash within a second, and counts what waits", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await appendMany(log, 1, 30);
    log.confirm(positionAt(log, 12));
    log.confirm(positionAt(log, 5));
    expect(log.state().waitingRecords).toBe(18);
    await clock.advance(1_000);
    const again = await openTestLog({ disk: disk.crash(), clock }, "b");
    expect(again.confirmed).toEqual(positionAt(log, 12));
    expect(again.state().waitingRecords).toBe(18);
    expect(again.knowsRun(toRunId("a0000000"))).toBe(true);
    expect(again.knowsRun(toRunId("x0000000"))).toBe(false);
  });

  it("lets segments go after the hold-back, and knows their runs and seqs for ever", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let from = 1; from <= 100; from += 10) await appendMany(log, from, 10);
    log.confirm(positionAt(log, 100));
    await clock.advance(590_000);
    expect(log.firstSeq).toBe(1);
    await clock.advance(20_000);
    // The last sealed segment is settled too, and stays for what its footer says of resends.
    expect(log.firstSeq).toBeGreaterThan(60);
    expect(log.state().settledSeq).toBeGreaterThan(log.firstSeq);
    await log.close();

    const second = await openTestLog({ disk, clock }, "b");
    await appendMany(second, 101, 10);
    second.confirm(positionAt(second, 110));
    await clock.advance(700_000);
    await second.close();
    const third = await openTestLog({ disk, clock }, "c");
    expect(third.knowsRun(toRunId("a0000000"))).toBe(true);
    await append(third, draftOf(111));
    expect(third.lastSeq).toBe(111);
    expect((await readAll(third)).some(({ kind }) => kind === "gap")).toBe(false);
  });

  it("keeps the newest segment for its seqs, should the cursor be lost", async () => {
    const where = place();
    const log = await openTestLog(where, "a");
    await appendMany(log, 1, 10);
    log.confirm(positionAt(log, 10));
    await log.close();
    const second = await openTestLog(where, "b");
    await where.clock.advance(700_000);
    await second.close();
    where.disk.lose("/log/cursor");
    const third = await openTestLog(where, "c");
    await append(third, draftOf(11));
    expect(third.lastSeq).toBe(11);
  });

  it("lets the oldest go at once above the size of the hold-back", async () => {
    const { disk, clock } = place();
    const options = { hold_back: { time: 600_000, max_bytes: 9_000 } };
    const log = await openTestLog({ disk, clock }, "a", options);
    for (let from = 1; from <= 100; from += 10) await appendMany(log, from, 10);
    log.confirm(positionAt(log, 100));
    await clock.advance(1_000);
    expect(log.firstSeq).toBeGreaterThan(30);
    expect(log.state().sizeBytes).toBeLessThan(9_000 + 4_096);
  });

  it("keeps what somebody here reads again, also behind the hold-back", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let from = 1; from <= 100; from += 10) await appendMany(log, from, 10);
    log.confirm(positionAt(log, 100));
    log.keepBehind(toSeq(30));
    await clock.advance(700_000);
    expect(log.firstSeq).toBeGreaterThan(1);
    expect(log.firstSeq).toBeLessThanOrEqual(31);
    log.keepBehind(toSeq(100));
    await clock.advance(20_000);
    expect(log.firstSeq).toBeGreaterThan(60);
  });

  it("knows since when the oldest waits", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    const startMs = clock.wallMs();
    for (let n = 1; n <= 5; n += 1) {
      await append(log, draftOf(n));
      await clock.advance(1_000);
    }
    expect(log.state().oldestWaitingMs).toBe(startMs);
    const reader = await log.openReader(toSeq(0), { publishing: true });
    for (let n = 1; n <= 5; n += 1) await reader.next(1);
    log.confirm(positionAt(log, 3));
    expect(log.state().oldestWaitingMs).toBe(startMs + 3_000);
    log.confirm(positionAt(log, 5));
    expect(log.state().oldestWaitingMs).toBeUndefined();
  });
});

describe("regress()", () => {
  it("holds everything behind the position for sending again", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await appendMany(log, 1, 50);
    log.confirm(positionAt(log, 50));
    expect(await log.regress(positionAt(log, 20))).toBe(0);
    expect(log.confirmed?.seq).toBe(20);
    expect(log.state().waitingRecords).toBe(30);
    await clock.advance(1_000_000);
    expect((await readAll(log, 20)).map(numberOf)).toHaveLength(30);
    expect(await log.regress(undefined)).toBe(0);
    expect(log.state().waitingRecords).toBe(50);
  });

  it("begins the hold-back anew for what is confirmed a second time", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let from = 1; from <= 100; from += 10) await appendMany(log, from, 10);
    log.confirm(positionAt(log, 100));
    await clock.advance(500_000);
    expect(log.firstSeq).toBe(1);
    await log.regress(positionAt(log, 5));
    await clock.advance(60_000);
    log.confirm(positionAt(log, 100));
    await clock.advance(300_000);
    expect(log.firstSeq).toBe(1);
    expect(log.state().settledSeq).toBeLessThanOrEqual(5);
    await clock.advance(400_000);
    expect(log.firstSeq).toBeGreaterThan(5);
  });

  it("counts what is no longer held", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let from = 1; from <= 100; from += 10) await appendMany(log, from, 10);
    log.confirm(positionAt(log, 100));
    await clock.advance(700_000);
    const gone = log.firstSeq - 1;
    expect(gone).toBeGreaterThan(50);
    expect(await log.regress(positionAt(log, 10))).toBe(gone - 10);
  });

  describe("after gap events", () => {
    const roomy = { max_bytes: 2 ** 20, segment_bytes: 4_096 };
    /** What is forgotten of 200 records when the stream is found at seq 9. */
    const regressTo9 = async (
      ranges: readonly Partial<GapRange>[],
      neverSent: { readonly before: number; readonly behind: number },
    ): Promise<{ gone: number; counted: number }> => {
      const { disk, clock } = place();
      const log = await openTestLog({ disk, clock }, "a", roomy);
      for (let from = 1; from <= 180; from += 10) await appendMany(log, from, 10);
      await append(log, gapDraft(ranges));
      await appendMany(log, 182, 19);
      const streamSeq = toStreamSeq(200 - neverSent.before - neverSent.behind);
      log.confirm({ run: log.run, seq: toSeq(200), streamSeq });
      await clock.advance(700_000);
      const gone = log.firstSeq - 1;
      expect(gone).toBeGreaterThan(50);
      expect(gone).toBeLessThan(181);
      const after = { run: log.run, seq: toSeq(9), streamSeq: toStreamSeq(9 - neverSent.before) };
      return { gone, counted: await log.regress(after) };
    };

    it("counts no record again that one of them names", async () => {
      const setAside = { from: toSeq(20), to: toSeq(20), count: 1, reason: "set-aside" };
      const { counted, gone } = await regressTo9([setAside], { before: 0, behind: 1 });
      expect(counted).toBe(gone - 9 - 1);
    });

    it("counts what is gone, also when a record that is held was never sent", async () => {
      const setAside = { from: toSeq(180), to: toSeq(180), count: 1, reason: "set-aside" };
      const { counted, gone } = await regressTo9([setAside], { before: 0, behind: 1 });
      expect(counted).toBe(gone - 9);
    });

    it("takes the counts of ranges that lie over each other, one for each class", async () => {
      const where = { from: toSeq(20), to: toSeq(29), reason: "dropped-full" };
      const { counted, gone } = await regressTo9(
        [
          { ...where, class: "telemetry", count: 5 },
          { ...where, class: "state", count: 2 },
        ],
        { before: 0, behind: 7 },
      );
      expect(counted).toBe(gone - 9 - 7);
    });

    it("shares the count of a range that begins before the position", async () => {
      const where = { from: toSeq(5), to: toSeq(14), reason: "dropped-full" };
      const { counted, gone } = await regressTo9(
        [
          { ...where, class: "telemetry", count: 5 },
          { ...where, class: "state", count: 2 },
        ],
        { before: 4, behind: 3 },
      );
      expect(counted).toBe(gone - 9 - 3);
    });

    it("takes no range for its own that speaks of another gateway's records", async () => {
      const foreign = { from: toSeq(30), to: toSeq(30), count: 0, reason: "identity-changed" };
      const { counted, gone } = await regressTo9([foreign], { before: 0, behind: 0 });
      expect(counted).toBe(gone - 9);
    });
  });
});

describe("a full buffer", () => {
  it("gives up the oldest, says exactly which, and stays within its size", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let from = 1; from <= 600; from += 10) {
      await appendMany(log, from, 10);
      expect(log.state().sizeBytes).toBeLessThanOrEqual(32 * 1024);
    }
    await settle();
    const records = await readAll(log);
    const held = new Set(records.map(({ seq }): number => seq));
    const missing = Array.from({ length: log.lastSeq }, (_, index) => index + 1).filter(
      (seq) => !held.has(seq),
    );
    const gaps = gapsAmong(records);
    expect(missing.length).toBeGreaterThan(300);
    expect(gaps.every(({ reason }) => reason === "dropped-full")).toBe(true);
    expect(gaps.reduce((sum, { count }) => sum + count, 0)).toBe(missing.length);
    expect(missing.every((seq) => gaps.some(({ from, to }) => from <= seq && seq <= to))).toBe(
      true,
    );
    expect(log.state().droppedRecords).toBe(missing.length);
    expect(log.state().waitingRecords).toBe(records.length);
  });

  it("keeps what may be on the backbone already, and drops behind it", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let from = 1; from <= 60; from += 10) await appendMany(log, from, 10);
    const reader = await log.openReader(toSeq(0), { publishing: true });
    expect((await reader.next(5)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    for (let from = 61; from <= 600; from += 10) await appendMany(log, from, 10);
    const seqs = (await readAll(log)).map(({ seq }): number => seq);
    expect(seqs.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seqs).not.toContain(60);
  });

  it("prefers to let confirmed records go, though their hold-back is not over", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let from = 1; from <= 600; from += 10) {
      await appendMany(log, from, 10);
      log.confirm(positionAt(log, from + 5));
    }
    expect(log.state().droppedRecords).toBe(0);
    expect(log.firstSeq).toBeGreaterThan(300);
    const again = await openTestLog({ disk: disk.crash(), clock }, "b");
    expect(again.confirmed?.seq).toBeGreaterThanOrEqual(again.firstSeq - 1);
  });

  it("acknowledges nothing more when it must refuse, and goes on when there is room", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { on_full: "refuse" });
    let acked = 0;
    for (let n = 1; n <= 400; n += 1) {
      appendThen(log, draftOf(n), () => {
        acked += 1;
      });
      await settle();
    }
    expect(acked).toBe(log.durableSeq);
    expect(acked).toBeLessThan(300);
    expect(log.state()).toMatchObject({
      writable: false,
      trouble: "the buffer has reached its 32.0 KiB",
    });
    while (acked < 400) {
      log.confirm(positionAt(log, acked));
      await clock.advance(1_000);
      await settle();
    }
    expect(log.state().writable).toBe(true);
    expect((await readAll(log)).at(-1)?.seq).toBe(400);
  });

  it("takes a gap event though it must refuse: who drains the buffer may wait for it", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { on_full: "refuse" });
    for (let n = 1; n <= 400; n += 1) {
      log.append(draftOf(n));
      await settle();
    }
    expect(log.state().writable).toBe(false);
    let isDeclared = false;
    appendThen(log, gapDraft([{ reason: "set-aside" }]), () => {
      isDeclared = true;
    });
    await clock.advance(1_000);
    await settle();
    expect(isDeclared).toBe(true);
    log.append(draftOf(401));
    await settle();
    expect(log.state().writable).toBe(false);
  });
});

describe("a disk without space", () => {
  it("is left with the minimum free; what waits is taken when there is space again", async () => {
    const { disk, clock } = place();
    disk.capacityBytes = 20_000;
    const log = await openTestLog({ disk, clock }, "a", { on_full: "refuse", min_free: 10_000 });
    await appendMany(log, 1, 20);
    let acked = 0;
    for (let n = 21; n <= 100; n += 1)
      appendThen(log, draftOf(n), () => {
        acked += 1;
      });
    await settle();
    expect(acked).toBeLessThan(80);
    expect(await disk.freeBytes()).toBeGreaterThanOrEqual(10_000);
    expect(log.state().trouble).toBe("the volume has less than 9.8 KiB free");
    disk.heal();
    await clock.advance(1_000);
    await settle();
    expect(acked).toBe(80);
  });

  it("takes a short write back and writes it again when there is space", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await append(log, draftOf(1));
    const before = disk.usedBytes();
    disk.capacityBytes = before + 300;
    const waiting = appendMany(log, 2, 10);
    await settle();
    expect(disk.usedBytes()).toBe(before);
    expect(log.durableSeq).toBe(1);
    expect(log.state().trouble).toBe("the volume is full");
    const found = await openTestLog({ disk: disk.crash(), clock }, "x");
    expect((await readAll(found)).map(numberOf)).toEqual([1]);
    expect(waiting).toBeInstanceOf(Promise);
  });
});

describe("a disk that fails", () => {
  it("gets the records in a new segment under their seqs, and no second sync of the failed one", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await appendMany(log, 1, 3);
    const synced: string[] = [];
    let failures = 0;
    disk.fault = (call, path) => {
      if (call !== "sync") return undefined;
      synced.push(path.slice(-7));
      failures += 1;
      return failures === 1 ? "EIO" : undefined;
    };
    await appendMany(log, 4, 3);
    expect(synced).toEqual(["001.seg", "004.seg", "004.seg"]);
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2, 3, 4, 5, 6]);
    const found = await openTestLog({ disk: disk.crash(), clock }, "b");
    expect((await readAll(found)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(gapsAmong(await readAll(found))).toEqual([]);
    expect(found.state().waitingRecords).toBe(6);
  });

  it("is tried every four seconds after three failures, and acks meanwhile wait", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    let attempts = 0;
    disk.fault = (call) => {
      if (call !== "sync") return undefined;
      attempts += 1;
      return "EIO";
    };
    let acked = 0;
    appendThen(log, draftOf(1), () => {
      acked += 1;
    });
    await settle();
    expect(attempts).toBe(3);
    expect(log.state().writable).toBe(false);
    expect(log.state().trouble).toContain("EIO");
    await clock.advance(3_999);
    expect(attempts).toBe(3);
    await clock.advance(1);
    expect(attempts).toBe(4);
    disk.heal();
    await clock.advance(5_000);
    await settle();
    expect(acked).toBe(1);
    expect(log.state().writable).toBe(true);
  });

  it("is never said to have what it did not take before the log was closed", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    await append(log, draftOf(1));
    disk.fault = (call) => (call === "sync" ? "EIO" : undefined);
    const told: string[] = [];
    const seq = appendThen(log, draftOf(2), () => told.push("2"));
    await settle();
    await log.close();
    disk.heal();
    await clock.advance(10_000);
    await settle();
    expect(log.durableSeq).toBeLessThan(seq);
    expect(told).toEqual([]);
  });
});

describe("onDurable()", () => {
  it("calls after each commit until it is ended", async () => {
    const log = await openTestLog(place(), "a");
    const seen: number[] = [];
    const end = log.onDurable(() => seen.push(log.durableSeq));
    await appendMany(log, 1, 2);
    await append(log, draftOf(3));
    end();
    await append(log, draftOf(4));
    expect(seen).toEqual([2, 3]);
  });
});
