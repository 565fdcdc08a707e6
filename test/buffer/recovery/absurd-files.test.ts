/** Files whose size no medium has: a damaged inode names any number. */
import { mkdir, open, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBootId } from "../../../src/app/boot-id.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { parseSegmentHeader } from "../../../src/buffer/format/segment-header.ts";
import { changedFiles } from "../../support/changed-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { appendMany, numberOf, openTestLog, place, readAll } from "../../support/test-log.ts";

const gib = 2 ** 30;

describe("a file of an absurd size", () => {
  it.each([
    ["00000000000000000001.seg", "garbage of more than a header's length ".repeat(8)],
    ["00000000000000000001.seg", ""],
    ["cursor", "garbage"],
    ["reserve", "garbage"],
    ["lock", ""],
  ])("does not stop a start and is not read whole: %s", async (name, text) => {
    const folder = join(await tempFolder(), "log");
    await mkdir(folder);
    await writeFile(join(folder, name), text);
    await truncate(join(folder, name), 5 * gib);
    let readBytes = 0;
    const counting = changedFiles(nodeDisk, (file) => ({
      ...file,
      async read(target, position) {
        readBytes += target.length;
        return file.read(target, position);
      },
    }));
    const log = await openTestLog({ disk: counting, clock: systemClock, folder }, "a");
    await appendMany(log, 1, 3);
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2, 3]);
    await log.close();
    expect(readBytes).toBeLessThan(gib / 4);
  });

  it("still gives the records it begins with", async () => {
    const folder = join(await tempFolder(), "log");
    const disk = nodeDisk;
    const killed = await openTestLog({ disk, clock: systemClock, folder }, "a");
    await appendMany(killed, 1, 10);
    await killed.close();
    const path = join(folder, "00000000000000000001.seg");
    await truncate(path, 5 * gib);
    const log = await openTestLog({ disk, clock: systemClock, folder }, "b");
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const file = await open(path);
    expect((await file.stat()).size).toBeLessThan(gib);
    await file.close();
    await log.close();
  });
});

describe("a segment", () => {
  it("names the start of the machine it was begun in", async () => {
    const bootId = (await readBootId()) ?? "";
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", {}, { bootId });
    await appendMany(log, 1, 1);
    const header = disk.contentOf("/log/00000000000000000001.seg").subarray(0, 128);
    expect(parseSegmentHeader(header)).toMatchObject({ kind: "header", header: { bootId } });
    expect(bootId).toMatch(/^[0-9a-f-]{36}$/);
    await log.close();
  });
});
