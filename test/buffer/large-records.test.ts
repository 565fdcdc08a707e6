import { describe, expect, it } from "vitest";
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
} from "../support/test-log.ts";

const maxBytes = 32 * 1024;

describe("a record that is larger than the buffer", () => {
  it("is a declared loss, and stops nothing that comes behind it", async () => {
    const { clock, disk } = place();
    const log = await openTestLog({ disk, clock }, "a", { max_bytes: maxBytes });
    await appendMany(log, 1, 3);
    await append(log, draftOf(4, { counter: 4, boot: 0, hash: 1 }, 3 * maxBytes));
    await append(log, draftOf(4, { counter: 4, boot: 0, hash: 1 }, 3 * maxBytes));
    await appendMany(log, 5, 3);
    const records = await readAll(log, 0, { publishing: true });
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    const loss = { from: 4, to: 4, count: 1, class: "telemetry", reason: "too-large" };
    expect(gapsAmong(records)).toMatchObject([loss]);
    expect(log.state()).toMatchObject({ waitingRecords: 7, droppedRecords: 1, writable: true });
    await log.close();
    const closed = await openTestLog({ disk, clock }, "b", { max_bytes: maxBytes });
    expect(gapsAmong(await readAll(closed))).toMatchObject([loss]);
    expect(closed.state().waitingRecords).toBe(7);
    const killed = await openTestLog({ disk: disk.crash(), clock }, "c", { max_bytes: maxBytes });
    expect(gapsAmong(await readAll(killed))).toMatchObject([loss]);
  });

  it("is stored up to a quarter of the buffer, as often as it comes", async () => {
    const log = await openTestLog(place(), "a", { max_bytes: maxBytes });
    for (let n = 1; n <= 20; n += 1) await append(log, draftOf(n, undefined, maxBytes / 4 - 100));
    await settle();
    expect((await readAll(log)).map(numberOf)).toContain(20);
    expect(log.state().writable).toBe(true);
    await log.close();
  });
});
