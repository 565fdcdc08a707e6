/** What is confirmed stays for a while, and goes only when the cursor on disk knows of it. */

import { describe, expect, it } from "vitest";
import { noKeys } from "../../src/buffer/encryption/key-ring.ts";
import { inspectSegment } from "../../src/buffer/recovery/inspect-segment.ts";
import { fnv1a64 } from "../../src/core/fnv1a.ts";
import { toSeq } from "../../src/core/ids.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { SimDisk } from "../support/sim-disk.ts";
import {
  append,
  appendMany,
  draftOf,
  gapsAmong,
  openTestLog,
  place,
  positionAt,
  readAll,
  settle,
} from "../support/test-log.ts";

const holdBackMs = 600_000;

/** A log of several segments. */
async function filledLog(disk = place().disk) {
  const clock = new ManualClock();
  const log = await openTestLog({ disk, clock }, "a");
  for (let n = 1; n <= 40; n += 1) await append(log, draftOf(n, undefined, 400));
  await readAll(log, 0, { publishing: true });
  const segments = (): string[] => disk.paths.filter((path) => path.endsWith(".seg"));
  return { clock, disk, log, segments };
}

describe("a confirmed segment", () => {
  it("stays while the cursor that knows of it cannot be saved", async () => {
    const { clock, disk, log, segments } = await filledLog();
    const before = segments();
    disk.fault = (call, path) => (call === "write" && path.includes("cursor") ? "EIO" : undefined);
    log.confirm(positionAt(log, 40));
    await clock.advance(holdBackMs + 5_000);
    await settle();
    expect(segments()).toEqual(before);
    disk.heal();
    await clock.advance(5_000);
    await settle();
    expect(segments().length).toBeLessThan(before.length);
    await log.close();
  });

  it("stays until what a start found in the cursor is saved again: it may be on no medium", async () => {
    const { clock, disk, log, segments } = await filledLog(new SimDisk({ random: () => 0.9 }));
    const before = segments();
    log.confirm(positionAt(log, 40));
    disk.fault = (call, path) => (call === "sync" && path.includes("cursor") ? "EIO" : undefined);
    await log.close();
    disk.heal();
    const next = await openTestLog({ disk, clock }, "b");
    expect(next.confirmed?.seq).toBe(40);
    await clock.advance(holdBackMs + 5_000);
    await settle();
    expect(segments().length).toBeLessThan(before.length);
    const last = await openTestLog({ disk: disk.crash(), clock }, "c");
    expect(last.confirmed?.seq).toBe(40);
    expect(gapsAmong(await readAll(last))).toEqual([]);
    await last.close();
  });

  it("waits anew once the backbone lost it and confirmed it again", async () => {
    const { clock, log, segments } = await filledLog();
    const before = segments();
    log.confirm(positionAt(log, 40));
    await clock.advance(holdBackMs - 5_000);
    await log.regress(positionAt(log, 1));
    log.confirm(positionAt(log, 40));
    await clock.advance(10_000);
    await settle();
    expect(segments()).toEqual(before);
    await clock.advance(holdBackMs);
    await settle();
    expect(segments().length).toBeLessThan(before.length);
    await log.close();
  });

  it("is to be sent again by one record when the backbone lost exactly one", async () => {
    const { log } = await filledLog();
    log.confirm(positionAt(log, 40));
    expect(log.state().waitingRecords).toBe(0);
    expect(await log.regress(positionAt(log, 39))).toBe(0);
    expect(log.state().waitingRecords).toBe(1);
    const [record, ...more] = await readAll(log, 39, { publishing: true });
    expect([record?.seq, more.length]).toEqual([40, 0]);
    await log.close();
  });
});

describe("a torn tail", () => {
  it("is cut off: the file ends with its footer", async () => {
    const { clock, disk } = place();
    const killed = await openTestLog({ disk, clock }, "a");
    await appendMany(killed, 1, 5);
    const path = "/log/00000000000000000001.seg";
    disk.damage(path, (bytes) => Buffer.concat([bytes, Buffer.alloc(20_000, 0xee)]));
    const log = await openTestLog({ disk, clock }, "b");
    const file = await disk.open(path);
    const fileBytes = await file.sizeBytes();
    expect(fileBytes).toBeLessThan(20_000);
    const finding = await inspectSegment(file, fileBytes, toSeq(1), fnv1a64("gw1"), noKeys);
    expect(finding.kind).toBe("sealed");
    await log.close();
  });
});
