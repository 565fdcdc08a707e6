/** Data that programs of each format version left behind, in the hands of today's program. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import type { StoredRecord } from "../../src/core/record.ts";
import type { RecordLog } from "../../src/core/record-log.ts";
import { appendSamples, openSampleLog } from "../support/sample-log.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { copyGolden, filesIn, goldenFolders, keysOf, makeNewer } from "./golden-folders.ts";

/** A copy of a golden data folder, and the events that were in it. */
async function copyOf(name: string): Promise<{ log: string; events: string[] }> {
  const log = join(await tempFolder(), "log");
  return { log, events: await copyGolden(name, log) };
}

/** Publishes everything behind what was confirmed, on paper: gives the bodies, in order. */
async function drain(log: RecordLog): Promise<string[]> {
  const bodies: string[] = [];
  let last = log.confirmed;
  const reader = await log.openReader(toSeq(last?.seq ?? 0), { publishing: true });
  for (;;) {
    const records: readonly StoredRecord[] = await reader.next(10);
    if (records.length === 0) break;
    for (const { body, run, seq } of records) {
      bodies.push(Buffer.from(body).toString());
      last = { run, seq, streamSeq: toStreamSeq((last?.streamSeq ?? 0) + 1) };
    }
  }
  if (last) log.confirm(last);
  await reader.close();
  return bodies;
}

describe.each(await goldenFolders())("the data folder %s", (name) => {
  it("is read whole, drains, and takes new events behind the old", async () => {
    const { events, log: folder } = await copyOf(name);
    const place = { disk: nodeDisk, folder, clock: systemClock, keys: keysOf(name) };
    const log = await openSampleLog(place, "todayrun");
    const waiting = log.state().waitingRecords;
    expect(await drain(log)).toEqual(events.slice(events.length - waiting));
    expect(log.state().waitingRecords).toBe(0);
    await appendSamples(log, place, 3);
    expect(await drain(log)).toHaveLength(3);
    await log.close();
    const again = await openSampleLog(place, "nextrun0");
    expect(again.state()).toMatchObject({ waitingRecords: 0, droppedRecords: 0 });
    await again.close();
  });

  it("is refused by a program that is older than it, which changes nothing", async () => {
    const { log: folder } = await copyOf(name);
    const newer = await makeNewer(folder);
    const before = await filesIn(folder);
    const place = { disk: nodeDisk, folder, clock: systemClock, keys: keysOf(name) };
    await expect(openSampleLog(place, "todayrun")).rejects.toMatchObject({
      code: "buffer.version",
      message: expect.stringContaining(newer),
    });
    expect(await filesIn(folder)).toEqual(before);
  });
});
