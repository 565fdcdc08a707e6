import { expect, it } from "vitest";
import { toSeq } from "../../src/core/ids.ts";
import type { StoredRecord } from "../../src/core/record.ts";
import {
  append,
  draftOf,
  numberOf,
  openTestLog,
  place,
  readAll,
  testFolder,
} from "../support/test-log.ts";

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

it("loses one record to damage on disk that reaches up to what is in memory", async () => {
  const { disk, clock } = place();
  const log = await openTestLog({ disk, clock }, "a", {
    max_bytes: 2 ** 26,
    segment_bytes: 2 ** 22,
  });
  // The second lies across the end of the chunk that is read, and the memory begins with it.
  await append(log, draftOf(1, undefined, 2 ** 20 - 600));
  const { tail, ...draft } = draftOf(2);
  await append(log, { ...draft, tail: tail.replace("x".repeat(40), "\u00fc".repeat(1_000)) });
  await append(log, draftOf(3));
  const [path = ""] = await disk
    .list(testFolder)
    .then((names) =>
      names.filter((name) => name.endsWith(".seg")).map((name) => `${testFolder}/${name}`),
    );
  disk.damage(path, (bytes) => {
    const second = bytes.indexOf('"n":2,');
    return bytes.fill(0xff, second - 90, second);
  });
  const records = await readAll(log);
  expect(records.map(numberOf)).toEqual([1, 3]);
  await log.close();
});
