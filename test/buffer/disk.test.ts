/** The log on the real disk: what the simulated one promises must hold there too. */
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";
import {
  append,
  appendMany,
  draftOf,
  gapsAmong,
  numberOf,
  openTestLog,
  readAll,
} from "../support/test-log.ts";

async function openIn(folder: string, run: string, maxBytes = 2 ** 20): Promise<SegmentLog> {
  const place = { disk: nodeDisk, clock: systemClock, folder };
  const log = await openTestLog(place, run, { max_bytes: maxBytes });
  onTestFinished(() => log.close());
  return log;
}

async function segmentsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".seg")).sort();
  return names.map((name) => join(folder, name));
}

describe("nodeDisk", () => {
  it("makes folders, files and names that only the owner may use", async () => {
    const folder = join(await tempFolder(), "a", "b");
    await nodeDisk.makeFolder(folder);
    await nodeDisk.makeFolder(folder);
    const file = await nodeDisk.create(join(folder, "one"));
    expect(await file.write([Buffer.from("ab"), Buffer.from("cdef")], 2)).toBe(6);
    await file.sync();
    await file.truncate(6);
    const target = Buffer.alloc(10);
    expect(await file.read(target, 1)).toBe(5);
    expect(target.toString("latin1", 0, 5)).toBe("\0abcd");
    expect(await file.sizeBytes()).toBe(6);
    await file.close();
    expect((await stat(join(folder, "one"))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await expect(nodeDisk.create(join(folder, "one"))).rejects.toMatchObject({ code: "EEXIST" });
    await nodeDisk.rename(join(folder, "one"), join(folder, "two"));
    await nodeDisk.syncFolder(folder);
    expect(await nodeDisk.list(folder)).toEqual(["two"]);
    await nodeDisk.unlink(join(folder, "two"));
    await expect(nodeDisk.open(join(folder, "two"), "read")).rejects.toMatchObject({
      code: "ENOENT",
    });
    expect(await nodeDisk.freeBytes(folder)).toBeGreaterThan(0);
  });
});

describe("the log on the real disk", () => {
  it("is whole behind any torn tail", async () => {
    const folder = await tempFolder();
    const first = await openIn(folder, "a");
    await appendMany(first, 1, 500);
    const [path = ""] = await segmentsIn(folder);
    const whole = await readFile(path);
    // The first process is never told that it was killed; its file stays as the crash left it.
    await truncate(path, whole.length - 1_003);
    const second = await openIn(folder, "b");
    const held = (await readAll(second)).map(numberOf);
    expect(held).toEqual(Array.from({ length: held.length }, (_, index) => index + 1));
    expect(held.length).toBeGreaterThan(485);
    expect(held.length).toBeLessThan(500);
    await append(second, draftOf(held.length + 1));
    expect((await readAll(second)).map(numberOf)).toHaveLength(held.length + 1);
    expect(await readdir(join(folder, "quarantine"))).toContain("manifest.ndjson");
  });

  it("sets a folder with the name of a segment aside, and declares nothing", async () => {
    const folder = await tempFolder();
    const first = await openIn(folder, "a");
    await appendMany(first, 1, 50);
    const stray = "00000000000000000900.seg";
    await mkdir(join(folder, stray));
    const second = await openIn(folder, "b");
    expect((await readAll(second)).map(numberOf)).toHaveLength(50);
    expect(second.lastSeq).toBe(50);
    expect(await readdir(folder)).not.toContain(stray);
  });

  it("acknowledges nothing once somebody removed its folder, and goes on when that is there", async () => {
    const folder = await tempFolder();
    const clock = new ManualClock();
    const log = await openTestLog({ disk: nodeDisk, clock, folder }, "a");
    onTestFinished(() => log.close());
    await append(log, draftOf(1));
    await rm(folder, { recursive: true });
    const seq = log.append(draftOf(2));
    await vi.waitFor(() => expect(log.state().trouble).toMatch("cannot begin a segment"));
    expect(log.durableSeq).toBeLessThan(seq);
    await mkdir(folder);
    const stored = vi.waitFor(() => expect(log.durableSeq).toBe(seq), 20_000);
    await clock.advance(5_000);
    await stored;
    expect(await segmentsIn(folder)).toHaveLength(1);
  });

  it("steps over garbage that a crash left behind the last record", async () => {
    const folder = await tempFolder();
    const first = await openIn(folder, "a");
    await appendMany(first, 1, 50);
    const [path = ""] = await segmentsIn(folder);
    await appendFile(path, Buffer.alloc(3_000, 0xa5));
    const second = await openIn(folder, "b");
    expect((await readAll(second)).map(numberOf)).toHaveLength(50);
  });

  it("drops the oldest when it is full and counts them exactly", async () => {
    const folder = await tempFolder();
    const log = await openIn(folder, "a", 128 * 1024);
    for (let from = 1; from <= 4_000; from += 50) await appendMany(log, from, 50);
    const records = await readAll(log);
    const gaps = gapsAmong(records);
    const declared = gaps.reduce((sum, { count }) => sum + count, 0);
    expect(declared).toBeGreaterThan(2_000);
    expect(declared).toBe(log.lastSeq - records.length);
    expect(declared).toBe(log.state().droppedRecords);
    let bytes = 0;
    for (const path of await segmentsIn(folder)) bytes += (await stat(path)).size;
    expect(bytes).toBe(log.state().sizeBytes);
    expect(bytes).toBeLessThanOrEqual(128 * 1024);
  });
});
