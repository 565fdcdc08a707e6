import { describe, expect, it } from "vitest";
import type { SegmentLog } from "../../../src/buffer/segment-log.ts";
import { openBufferFolder } from "../../../src/buffer/tools/open-buffer-folder.ts";
import { showBuffer } from "../../../src/buffer/tools/show-buffer.ts";
import { verifyBuffer } from "../../../src/buffer/tools/verify-buffer.ts";
import type { RecordClass } from "../../../src/core/event-kind.ts";
import { toSeq } from "../../../src/core/ids.ts";
import type { RecordDraft } from "../../../src/core/record-draft.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import {
  append,
  appendThen,
  draftOf,
  gapsAmong,
  type KeptRecord,
  numberOf,
  openTestLog,
  readAll,
} from "../../support/test-log.ts";

const options = { max_bytes: 64 * 1024 };
const classes = ["telemetry", "state", "alarm"] as const;

/** Every eighth record is of a device's state, every 64th an alarm, the rest are telemetry. */
function classOf(n: number): RecordClass {
  if (n % 64 === 0) return "alarm";
  return n % 8 === 0 ? "state" : "telemetry";
}

function numbersUpTo(last: number, recordClass: RecordClass): number[] {
  const all = Array.from({ length: last }, (_, at) => at + 1);
  return all.filter((n) => classOf(n) === recordClass);
}

function mixedDraft(n: number, recordClass = classOf(n), bytes = 200): RecordDraft {
  const kind = {
    rejection: "rejection",
    telemetry: "measurement",
    state: "status",
    alarm: "alert-transition",
  } as const;
  return { ...draftOf(n, undefined, bytes), kind: kind[recordClass], recordClass };
}

function place(seed = "none") {
  return { disk: new SimDisk({ random: createSeededRandom(seed) }), clock: new ManualClock() };
}

async function appendMixed(
  log: SegmentLog,
  from: number,
  to: number,
  bytes?: number,
): Promise<void> {
  for (let n = from; n <= to; n += 10)
    await Promise.all(
      Array.from({ length: Math.min(10, to - n + 1) }, (_, at) =>
        append(log, mixedDraft(n + at, classOf(n + at), bytes)),
      ),
    );
}

/** Lets everything happen that waits for no timer. */
async function settle(log: SegmentLog): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turn > 100 && log.durableSeq === log.lastSeq) return;
  }
}

function seqsOf(records: readonly KeptRecord[], recordClass: RecordClass): number[] {
  return records.filter((record) => record.recordClass === recordClass).map(({ seq }) => seq);
}

/** What is missing, by record, against what gap events say, by class. */
function checkExact(records: readonly KeptRecord[], lastSeq: number): void {
  const held = new Set(records.map(({ seq }): number => seq));
  const gaps = gapsAmong(records);
  const missing = Array.from({ length: lastSeq }, (_, at) => at + 1).filter(
    (seq) => !held.has(seq),
  );
  expect(gaps.reduce((sum, { count }) => sum + count, 0)).toBe(missing.length);
  for (const seq of missing)
    expect(gaps.some(({ from, to }) => from <= seq && seq <= to)).toBe(true);
}

describe("a full buffer with records of all classes", () => {
  it("gives up telemetry first, then state, and keeps alarms over ten times its size", async () => {
    const lastNumber = 5_000;
    const roomy = { max_bytes: 256 * 1024 };
    const log = await openTestLog(place(), "a", roomy);
    await appendMixed(log, 1, lastNumber, 600);
    await settle(log);
    const records = await readAll(log);
    const alarms = records.filter(({ kind }) => kind === "alert-transition").map(numberOf);
    expect(log.state().sizeBytes).toBeLessThanOrEqual(roomy.max_bytes);
    expect(alarms).toEqual(numbersUpTo(lastNumber, "alarm"));
    const firstOf = (name: RecordClass): number => Math.min(...seqsOf(records, name));
    expect(firstOf("alarm")).toBeLessThan(firstOf("state"));
    expect(firstOf("state")).toBeLessThan(firstOf("telemetry"));
    checkExact(records, log.lastSeq);
    for (const name of classes) {
      const given = numbersUpTo(lastNumber, name).length;
      const held = records.filter(
        ({ kind, recordClass }) => kind !== "gap" && recordClass === name,
      );
      const lost = gapsAmong(records).filter((gap) => gap.class === name);
      if (name !== "alarm")
        expect(lost.reduce((sum, { count }) => sum + count, 0)).toBe(given - held.length);
    }
    expect(log.state().waitingRecords).toBe(records.length);
  });

  it("gives up what nobody could read before any reading, however much of it comes", async () => {
    const log = await openTestLog(place(), "a", options);
    for (let n = 1; n <= 60; n += 1) await append(log, mixedDraft(n, "telemetry"));
    for (let n = 61; n <= 600; n += 1) await append(log, mixedDraft(n, "rejection"));
    await settle(log);
    const records = await readAll(log);
    expect(seqsOf(records, "telemetry")).toHaveLength(60);
    expect(gapsAmong(records).map((gap) => gap.class)).not.toContain("telemetry");
    checkExact(records, log.lastSeq);
  });

  it("gives up alarms too when there is nothing else", async () => {
    const log = await openTestLog(place(), "a", options);
    for (let n = 1; n <= 600; n += 1) await append(log, mixedDraft(n, "alarm"));
    await settle(log);
    const records = await readAll(log);
    expect(records.length).toBeLessThan(300);
    checkExact(records, log.lastSeq);
  });

  it("needs one gap event for all that goes at a time", async () => {
    const { clock, disk } = place();
    const log = await openTestLog({ disk, clock }, "a", { ...options, on_full: "refuse" });
    await appendMixed(log, 1, 160);
    await log.close();
    const next = await openTestLog({ disk, clock }, "b", { max_bytes: 32 * 1024 });
    await append(next, mixedDraft(161));
    await settle(next);
    const records = await readAll(next);
    expect(records.filter(({ kind }) => kind === "gap")).toHaveLength(1);
    expect(gapsAmong(records).length).toBeGreaterThan(1);
    checkExact(records, next.lastSeq);
  });

  it("finds the same records after a restart, killed or closed", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMixed(log, 1, 800);
    await settle(log);
    const before = await readAll(log);
    const killed = await openTestLog({ disk: disk.crash(), clock }, "b", options);
    expect((await readAll(killed)).map(({ seq }) => seq)).toEqual(before.map(({ seq }) => seq));
    expect(killed.state().waitingRecords).toBe(before.length);
    expect(killed.lastSeq).toBe(log.lastSeq);
  });

  it("goes on with a reader that stands in what is given up", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMixed(log, 1, 100);
    const reader = await log.openReader(toSeq(0));
    const seqs: number[] = (await reader.next(5)).map(({ seq }) => seq);
    await appendMixed(log, 101, 600);
    await settle(log);
    for (;;) {
      const records = await reader.next(7);
      if (records.length === 0) break;
      seqs.push(...records.map(({ seq }) => seq));
    }
    const rest = (await readAll(log)).map(({ seq }): number => seq);
    expect(seqs.slice(5)).toEqual(rest.filter((seq) => seq > 5));
    expect(gapsAmong(await readAll(log)).every(({ reason }) => reason === "dropped-full")).toBe(
      true,
    );
  });

  it("waits with readers in front of a segment until its loss is declared", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    disk.fault = (call) =>
      call === "write" && log.state().droppedRecords > 0 ? "ENOSPC" : undefined;
    for (let n = 1; n <= 300; n += 1) log.append(mixedDraft(n));
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(log.state()).toMatchObject({ trouble: "the volume is full", writable: false });
    const reader = await log.openReader(toSeq(0));
    expect(await reader.next(10)).toEqual([]);
    disk.heal();
    await clock.advance(1_000);
    await settle(log);
    expect(await reader.next(10)).not.toEqual([]);
  });
});

describe("a crash while a class is given up", () => {
  it("leaves all or nothing of it, declared exactly, at whatever call it comes", async () => {
    let crashes = 0;
    for (let calls = 0; calls < 90; calls += 1) {
      const { disk, clock } = place(`class-drop/${calls}`);
      const log = await openTestLog({ disk, clock }, "a", options);
      await appendMixed(log, 1, 210);
      disk.dieAfter(calls);
      const acked = new Set<number>();
      for (let n = 211; n <= 300; n += 1) appendThen(log, mixedDraft(n), () => acked.add(n));
      for (let turn = 0; turn < 400 && !disk.isDead; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      if (!disk.isDead) break;
      crashes += 1;
      const found = await openTestLog({ disk: disk.crash(), clock }, "b", options);
      await append(found, mixedDraft(1_000));
      await settle(found);
      const records = await readAll(found);
      checkExact(records, found.lastSeq);
      const numbers = new Set(records.filter(({ kind }) => kind !== "gap").map(numberOf));
      for (const n of [...Array.from({ length: 210 }, (_, at) => at + 1), ...acked])
        if (classOf(n) !== "telemetry") expect(numbers).toContain(n);
      expect(found.state().waitingRecords).toBe(records.length);
    }
    expect(crashes).toBeGreaterThan(40);
  });

  it("is finished while the next run works, which does not wait for it", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMixed(log, 1, 150);
    const isCopy = (path: string): boolean => path.endsWith(".seg.new");
    disk.fault = (_, path) => (isCopy(path) ? "EIO" : undefined);
    for (let n = 151; n <= 300; n += 1) log.append(mixedDraft(n));
    await settle(log);
    const crashed = disk.crash();
    let copies = 0;
    crashed.fault = (call, path) => {
      if (call === "create" && isCopy(path)) copies += 1;
      return undefined;
    };
    const next = await openTestLog({ disk: crashed, clock }, "b", options);
    expect(copies).toBe(0);
    const { sizeBytes } = next.state();
    const before = await readAll(next);
    checkExact(before, next.lastSeq);
    await clock.advance(1_000);
    await settle(next);
    expect(copies).toBeGreaterThan(0);
    expect(next.state().sizeBytes).toBeLessThan(sizeBytes);
    expect(await readAll(next)).toEqual(before);
  });
});

describe("damage in a segment without telemetry", () => {
  it("is declared with the count of what is gone beyond what was given up", async () => {
    for (const found of ["by a reader", "at a start"] as const) {
      const { disk, clock } = place();
      const log = await openTestLog({ disk, clock }, "a", options);
      await appendMixed(log, 1, 400);
      await settle(log);
      const [oldest] = await readAll(log);
      const path = disk.paths.find((name) => name.endsWith(".seg")) ?? "";
      expect(oldest?.seq).toBe(8);
      disk.damage(path, (bytes) => {
        // The payload of the first record; at a start also the end of the footer.
        bytes[128 + 60] = (bytes[128 + 60] ?? 0) ^ 1;
        if (found === "at a start") bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return bytes;
      });
      const disks = { disk: found === "at a start" ? disk.crash() : disk, clock };
      const next = found === "at a start" ? await openTestLog(disks, "b", options) : log;
      await readAll(next);
      await settle(next);
      await append(next, mixedDraft(1_000));
      const records = await readAll(next);
      expect(records[0]?.seq).toBe(16);
      checkExact(records, next.lastSeq);
      const damaged = gapsAmong(records).filter(({ reason }) => reason === "damaged");
      expect(damaged.map(({ count }) => count)).toEqual([1]);
    }
  });
});

describe("who publishes", () => {
  it("passes damage in a segment without telemetry when it is declared, and not before", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMixed(log, 1, 400);
    await settle(log);
    const path = disk.paths.find((name) => name.endsWith(".seg")) ?? "";
    disk.damage(path, (bytes) => {
      bytes[128 + 60] = (bytes[128 + 60] ?? 0) ^ 1;
      return bytes;
    });
    const reader = await log.openReader(toSeq(0), { publishing: true });
    disk.fault = (call, of) => (call === "write" && of.endsWith(".seg") ? "EIO" : undefined);
    expect(await reader.next(1)).toEqual([]);
    await settle(log);
    expect(log.state().droppedRecords).toBeGreaterThan(0);
    expect(await reader.next(1)).toEqual([]);
    disk.heal();
    await clock.advance(10_000);
    await settle(log);
    expect((await reader.next(1)).map(({ seq }) => seq)).toEqual([16]);
    await reader.close();
  });
});

describe("buffer verify, on segments without telemetry", () => {
  it("is content with what was given up, and finds what is damaged beside it", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMixed(log, 1, 400);
    await settle(log);
    await log.close();
    const whole = await verifyBuffer(await openBufferFolder(disk, "/log"), false);
    expect(whole).toMatchObject({ damages: [], lostRecords: 0 });
    const shown = await showBuffer(await openBufferFolder(disk, "/log"), false);
    expect(shown.segments[0]).toMatchObject({ sparse: true, records: { telemetry: 0 } });
    const path = disk.paths.find((name) => name.endsWith(".seg")) ?? "";
    disk.damage(path, (bytes) => {
      bytes[128 + 60] = (bytes[128 + 60] ?? 0) ^ 1;
      return bytes;
    });
    const damaged = await verifyBuffer(await openBufferFolder(disk, "/log"), false);
    expect(damaged.lostRecords).toBe(1);
    expect(damaged.damages).toMatchObject([{ kind: "payload", lost: { from: 8, to: 8 } }]);
  });
});
