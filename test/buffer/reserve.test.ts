import { describe, expect, it } from "vitest";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import {
  append,
  appendMany,
  draftOf,
  gapsAmong,
  openTestLog,
  place,
  readAll,
  settle,
} from "../support/test-log.ts";

const reserve = "/log/reserve";
const options = { max_bytes: 64 * 1024, min_free: 2_000 };

describe("the reserve", () => {
  it("is a written file of a share of the buffer, and at most 4 MiB", async () => {
    for (const [maxBytes, bytes] of [
      [64 * 1024, 1024],
      [2 ** 30, 4 * 2 ** 20],
    ] as const) {
      const { disk, clock } = place();
      await openTestLog({ disk, clock }, "a", { max_bytes: maxBytes });
      await clock.advance(1_000);
      expect(disk.contentOf(reserve).filter((byte) => byte !== 0)).toHaveLength(bytes);
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
    expect(disk.paths).not.toContain(reserve);
    disk.heal();
    await clock.advance(2_000);
    expect(disk.paths).toContain(reserve);
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
      log.append(draftOf(n), () => {
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
