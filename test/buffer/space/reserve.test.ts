import { describe, expect, it } from "vitest";
import { openBufferFolder } from "../../../src/buffer/tools/open-buffer-folder.ts";
import { verifyBuffer } from "../../../src/buffer/tools/verify-buffer.ts";
import { toSeq, toStreamSeq } from "../../../src/core/ids.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { silentLogger } from "../../support/silence.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import {
  append,
  appendMany,
  appendThen,
  draftOf,
  gapsAmong,
  numberOf,
  openTestLog,
  place,
  readAll,
  settle,
} from "../../support/test-log.ts";

const reserve = "/log/reserve";
const copies = "/log/reserve.copies";
const options = { max_bytes: 64 * 1024, min_free: 2_000 };
const roomy = { max_bytes: 2 ** 20, min_free: 0 };

/**
 * A log with a reserve on a volume that is full, and where the first 50,000 bytes that are deleted
 * do not come free. The reserve may have another filling than zeros.
 */
async function fullLog(
  filling?: string,
  classOf: (n: number) => "alarm" | "telemetry" = () => "telemetry",
  seed = "full",
) {
  const disk = new SimDisk({ random: createSeededRandom(seed) });
  const clock = new ManualClock();
  const first = await openTestLog({ disk, clock }, "a", roomy);
  for (let n = 1; n <= 200; n += 1) {
    const recordClass = classOf(n);
    const kind = recordClass === "alarm" ? "alert-transition" : "measurement";
    await append(first, { ...draftOf(n, undefined, 4_000), kind, recordClass });
  }
  await clock.advance(1_000);
  if (filling === undefined) {
    disk.capacityBytes = disk.usedBytes() - 50_000;
    return { disk: { disk, clock }, log: first };
  }
  await first.close();
  disk.damage(reserve, (bytes) => bytes.fill(filling));
  disk.capacityBytes = disk.usedBytes() - 50_000;
  return { disk: { disk, clock }, log: await openTestLog({ disk, clock }, "b", roomy) };
}

/** In each segment there are some. */
const alarmsUpTo200 = Array.from({ length: 14 }, (_, at) => (at + 1) * 14);

function mixed(n: number): "alarm" | "telemetry" {
  return alarmsUpTo200.includes(n) ? "alarm" : "telemetry";
}

async function passSeconds(clock: ManualClock, seconds: number): Promise<void> {
  await settle();
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    await settle();
  }
}

describe("the reserve", () => {
  it("is a written file of a share of the buffer, and at most 4 MiB", async () => {
    for (const [maxBytes, bytes] of [
      [64 * 1024, 1024],
      [2 ** 30, 4 * 2 ** 20],
    ] as const) {
      const { disk, clock } = place();
      await openTestLog({ disk, clock }, "a", { max_bytes: maxBytes });
      await clock.advance(1_000);
      expect(disk.contentOf(reserve)).toHaveLength(bytes);
    }
  });

  it("lets the cursor be written on a volume that is full, and comes again", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 20);
    await clock.advance(1_000);
    disk.capacityBytes = disk.usedBytes();
    log.confirm({ run: log.run, seq: toSeq(7), streamSeq: toStreamSeq(7) });
    await clock.advance(1_000);
    expect(disk.paths).toContain("/log/cursor");
    expect(disk.paths).not.toContain(copies);
    disk.heal();
    await clock.advance(2_000);
    expect(disk.paths).toContain(copies);
    const again = await openTestLog({ disk: disk.crash(), clock }, "b", options);
    expect(again.confirmed?.seq).toBe(7);
  });

  it("takes the gap event that makes room when another program filled the volume", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { max_bytes: 2 ** 20, min_free: 2_000 });
    for (let n = 1; n <= 200; n += 1) await append(log, draftOf(n, undefined, 4_000));
    await clock.advance(1_000);
    disk.capacityBytes = disk.usedBytes();
    await clock.advance(2_000);
    let acked = 0;
    for (let n = 201; n <= 203; n += 1)
      appendThen(log, draftOf(n), () => {
        acked += 1;
      });
    await settle();
    for (let second = 0; second < 5; second += 1) {
      await clock.advance(1_000);
      await settle();
    }
    expect(acked).toBe(3);
    const records = await readAll(log);
    const lost = gapsAmong(records).reduce((sum, { count }) => sum + count, 0);
    expect(lost).toBeGreaterThan(0);
    expect(records.length + lost).toBe(log.lastSeq);
  });

  it("is overwritten where it lies: what a deletion gives back may be nobody's", async () => {
    for (const filling of [undefined, "reserve"]) {
      const { disk, log } = await fullLog(filling);
      const acked: number[] = [];
      for (let n = 201; n <= 203; n += 1) appendThen(log, draftOf(n), () => acked.push(n));
      await passSeconds(disk.clock, 3);
      expect(acked).toEqual([201, 202, 203]);
      expect(log.state().writable).toBe(true);
      const records = await readAll(log);
      const lost = gapsAmong(records).reduce((sum, { count }) => sum + count, 0);
      expect(lost).toBeGreaterThan(0);
      expect(records.length + lost).toBe(log.lastSeq);
      await log.close();
      const report = await verifyBuffer(await openBufferFolder(disk.disk, "/log"), false);
      expect(report).toMatchObject({ damages: [], lostRecords: 0 });
    }
  });

  it("takes a segment without some classes, too, where nothing else can make room", async () => {
    const { disk, log } = await fullLog(undefined, mixed);
    const acked: number[] = [];
    for (const n of [201, 202, 203]) {
      appendThen(log, draftOf(n, undefined, 8_000), () => acked.push(n));
      await passSeconds(disk.clock, 3);
    }
    expect(acked).toEqual([201, 202, 203]);
    const records = await readAll(log);
    const alarms = records.filter(({ kind }) => kind === "alert-transition").map(numberOf);
    expect(alarms).toEqual(alarmsUpTo200);
    const lost = gapsAmong(records).reduce((sum, { count }) => sum + count, 0);
    expect(records.length + lost).toBe(log.lastSeq);
    await log.close();
    const report = await verifyBuffer(await openBufferFolder(disk.disk, "/log"), false);
    expect(report).toMatchObject({ damages: [], lostRecords: 0 });
  });

  it("takes the cursor where a deletion gives nothing back", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { ...options, on_full: "refuse" });
    await appendMany(log, 1, 20);
    await clock.advance(1_000);
    disk.capacityBytes = disk.usedBytes() - 50_000;
    log.confirm({ run: log.run, seq: toSeq(7), streamSeq: toStreamSeq(7) });
    await clock.advance(1_000);
    const again = await openTestLog({ disk: disk.crash(), clock }, "b", options);
    expect(again.confirmed?.seq).toBe(7);
  });

  it("loses nothing and calls nothing damaged when the power goes while it is used", async () => {
    let crashes = 0;
    for (let calls = 0; calls < 120; calls += 1) {
      const { disk, log } = await fullLog(undefined, mixed, `reserve/${calls}`);
      disk.disk.dieAfter(calls);
      const acked = new Set<number>();
      for (let n = 201; n <= 203; n += 1) appendThen(log, draftOf(n), () => acked.add(n));
      for (let second = 0; second < 4 && !disk.disk.isDead; second += 1) {
        await disk.clock.advance(1_000);
        await settle();
      }
      if (!disk.disk.isDead) break;
      crashes += 1;
      const found = disk.disk.crash();
      const journal: string[] = [];
      const logger = { ...silentLogger, error: (text: string) => journal.push(text) };
      const next = await openTestLog({ disk: found, clock: disk.clock }, "b", roomy, { logger });
      await append(next, draftOf(1_000));
      await passSeconds(disk.clock, 2);
      const records = await readAll(next);
      const gaps = gapsAmong(records);
      const lost = gaps.reduce((sum, { count }) => sum + count, 0);
      expect(records.length + lost).toBe(next.lastSeq);
      expect(gaps.every(({ reason }) => reason === "dropped-full")).toBe(true);
      const numbers = records.filter(({ kind }) => kind !== "gap").map(numberOf);
      for (const n of [...alarmsUpTo200, ...acked]) expect(numbers).toContain(n);
      expect(found.paths.filter((path) => path.includes("quarantine"))).toEqual([]);
      expect(journal).toEqual([]);
    }
    expect(crashes).toBeGreaterThan(20);
  });

  it("is not for the records of devices", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", { ...options, min_free: 0 });
    await append(log, draftOf(1));
    await clock.advance(1_000);
    disk.capacityBytes = disk.usedBytes() + 100;
    log.append(draftOf(2, undefined, 500));
    await settle();
    await clock.advance(5_000);
    expect(log.durableSeq).toBe(1);
    expect(disk.paths).toContain(reserve);
  });

  it("does not keep a start on a full volume from succeeding", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 20);
    disk.capacityBytes = disk.usedBytes();
    const next = disk.crash();
    next.capacityBytes = next.usedBytes();
    const again = await openTestLog({ disk: next, clock }, "b", options);
    await clock.advance(2_000);
    expect((await readAll(again)).length).toBe(20);
    expect(next.paths).not.toContain(reserve);
  });
});
