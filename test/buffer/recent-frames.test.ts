import { expect, it } from "vitest";
import { toSeq } from "../../src/core/ids.ts";
import type { StoredRecord } from "../../src/core/record.ts";
import { append, draftOf, numberOf, openTestLog, place } from "../support/test-log.ts";

/** The number in a record, which is whole. */
function numbered({ body }: StoredRecord): number {
  const text = Buffer.from(body).toString();
  expect(text).toMatch(/^\{"specversion".*x"\}$/);
  return numberOf({ text });
}

it("gives a reader at the end what was committed without asking the disk for it", async () => {
  const { disk, clock } = place();
  const log = await openTestLog({ disk, clock }, "a");
  await append(log, draftOf(1));
  disk.fault = (call) => (call === "read" ? "EIO" : undefined);
  const reader = await log.openReader(toSeq(0), { publishing: true });
  expect((await reader.next(10)).map(numbered)).toEqual([1]);
  await append(log, draftOf(2));
  expect((await reader.next(10)).map(numbered)).toEqual([2]);
  await reader.close();
  await log.close();
});

it("gives every record in order and whole, however far the reader is behind", async () => {
  const { disk, clock } = place();
  const log = await openTestLog({ disk, clock }, "a", { max_bytes: 2 ** 26 });
  const near = await log.openReader(toSeq(0));
  const far = await log.openReader(toSeq(0));
  const read = { near: 0, far: 0 };
  const readOn = async (who: "near" | "far"): Promise<void> => {
    const reader = who === "near" ? near : far;
    for (let records = await reader.next(7); records.length > 0; records = await reader.next(7)) {
      for (const record of records) {
        read[who] += 1;
        expect(numbered(record)).toBe(read[who]);
      }
    }
  };
  for (let n = 1; n <= 120; n += 1) {
    await append(log, draftOf(n, undefined, 1_000 + ((n * 7_919) % 60_000)));
    if (n % 3 === 0) await readOn("near");
    if (n % 50 === 0) await readOn("far");
  }
  await readOn("far");
  expect(read).toEqual({ near: 120, far: 120 });
  await near.close();
  await far.close();
  await log.close();
});
