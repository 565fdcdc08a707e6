/** What a reader cannot read: declared once, for good, and before anything behind it is published. */
import { describe, expect, it } from "vitest";
import { toSeq } from "../../../src/core/ids.ts";
import {
  append,
  appendMany,
  draftOf,
  gapsAmong,
  numberOf,
  openTestLog,
  place,
  readAll,
  settle,
} from "../../support/test-log.ts";

describe("a lost record", () => {
  it("holds back who publishes until the gap event is on disk, and nobody else", async () => {
    const { disk, clock } = place();
    const first = await openTestLog({ disk, clock }, "a");
    await appendMany(first, 1, 10);
    await first.close();
    const log = await openTestLog({ disk, clock }, "b");
    disk.damage("/log/00000000000000000001.seg", (bytes) => bytes.fill(0xff, 128 + 60, 128 + 64));
    disk.fault = (call, path) => (call === "write" && path.endsWith(".seg") ? "EIO" : undefined);
    const reader = await log.openReader(toSeq(0), { publishing: true });
    expect(await reader.next(100)).toEqual([]);
    expect((await readAll(log)).map(numberOf)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await reader.next(100)).toEqual([]);
    disk.heal();
    await clock.advance(10_000);
    await settle();
    const records = await reader.next(100);
    expect(records.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await reader.close();
    await log.close();
  });

  it("stays lost, though the medium gives it back", async () => {
    const { disk, clock } = place();
    const first = await openTestLog({ disk, clock }, "a");
    await appendMany(first, 1, 10);
    await first.close();
    const log = await openTestLog({ disk, clock }, "b");
    disk.fault = (call) => (call === "read" ? "EIO" : undefined);
    expect(await readAll(log)).toEqual([]);
    disk.heal();
    await settle();
    const records = await readAll(log);
    expect(records.map(({ kind }) => kind)).toEqual(["gap"]);
    expect(gapsAmong(records)).toMatchObject([{ from: 1, to: 10, count: 10 }]);
    await log.close();
    const again = await openTestLog({ disk, clock }, "c");
    expect(gapsAmong(await readAll(again))).toHaveLength(1);
    expect(again.state().waitingRecords).toBe(1);
    const crashed = await openTestLog({ disk: disk.crash(), clock }, "d");
    expect((await readAll(crashed)).map(({ kind }) => kind)).toEqual(["gap"]);
  });

  it("is given up with the others though the medium gives it back", async () => {
    const { disk, clock } = place();
    const first = await openTestLog({ disk, clock }, "a");
    for (let n = 1; n <= 40; n += 1) await append(first, draftOf(n, undefined, 400));
    await first.close();
    const log = await openTestLog({ disk, clock }, "b");
    disk.fault = (call) => (call === "read" ? "EIO" : undefined);
    await readAll(log);
    disk.heal();
    for (let n = 41; n <= 200; n += 1) await append(log, draftOf(n, undefined, 400));
    const records = await readAll(log);
    const held = new Set(records.map(({ seq }): number => seq));
    const missing = Array.from({ length: log.lastSeq }, (_, at) => at + 1).filter(
      (seq) => !held.has(seq),
    );
    const declared = gapsAmong(records).reduce((sum, { count }) => sum + count, 0);
    expect(declared).toBe(missing.length);
    await log.close();
  });

  it("that declared other losses declares them again", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a");
    for (let n = 1; n <= 400; n += 1) await append(log, draftOf(n));
    await log.close();
    const found = await openTestLog({ disk, clock }, "b");
    const before = await readAll(found);
    const gap = before.find(({ kind }) => kind === "gap");
    const said = gapsAmong(before).reduce((sum, { count }) => sum + count, 0);
    expect(said).toBe((before[0]?.seq ?? 0) - 1);
    for (const path of disk.paths)
      disk.damage(path, (bytes) => {
        const at = path.endsWith(".seg") ? bytes.indexOf(`.${gap?.seq}","source`) : -1;
        return at < 0 ? bytes : bytes.fill(0xff, at, at + 4);
      });
    const after = await readAll(found);
    expect(after.map(({ seq }) => seq)).not.toContain(gap?.seq);
    await settle();
    const all = await readAll(found);
    expect(gapsAmong(all).reduce((sum, { count }) => sum + count, 0)).toBe(said + 1);
    await found.close();
  });
});
