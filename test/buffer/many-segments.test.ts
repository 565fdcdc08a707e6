/** A gateway that starts often while its link is down: each run leaves a segment. */
import { describe, expect, it } from "vitest";
import { sideBySide } from "../../src/buffer/files/side-by-side.ts";
import { changedFiles } from "../support/changed-files.ts";
import { appendMany, numberOf, openTestLog, place, readAll, settle } from "../support/test-log.ts";

const large = { max_bytes: 2 ** 20 };

describe("a start with many segments", () => {
  it("looks at several at a time, and reads a short one once", async () => {
    const { clock, disk } = place();
    for (let run = 1; run <= 40; run += 1) {
      const log = await openTestLog({ clock, disk }, `r${run}`, large);
      await appendMany(log, run, 1);
      await log.close();
    }
    let open = 0;
    let mostOpen = 0;
    let reads = 0;
    const watched = changedFiles(disk, (file) => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      return {
        ...file,
        async read(target, position) {
          reads += 1;
          return file.read(target, position);
        },
        async close() {
          open -= 1;
          await file.close();
        },
      };
    });
    const log = await openTestLog({ clock, disk: watched }, "last", large);
    expect(mostOpen).toBeGreaterThan(1);
    expect(mostOpen).toBeLessThanOrEqual(8);
    // One for each segment; the cursor, the reserve and the newest footer take a few.
    expect(reads).toBeLessThan(40 + 10);
    expect((await readAll(log)).map(numberOf)).toEqual(
      Array.from({ length: 40 }, (_, at) => at + 1),
    );
    await log.close();
  });
});

describe("work side by side", () => {
  it("begins nothing after a failure, and rejects once all that was begun has ended", async () => {
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    let outcome: unknown;
    const work = sideBySide([0, 1, 2, 3, 4], 3, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error("not this one");
      await new Promise<void>((resolve) => ends.push(resolve));
    }).catch((failure: unknown) => {
      outcome = failure;
    });
    await settle();
    expect([begun, outcome]).toEqual([[0, 1, 2], undefined]);
    for (const end of ends) end();
    await work;
    expect([begun, String(outcome)]).toEqual([[0, 1, 2], "Error: not this one"]);
  });

  it("gives the results in the order of the items, whichever ends first", async () => {
    const done = await sideBySide([3, 1, 2], 2, async (turns) => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      return turns * 10;
    });
    expect(done).toEqual([30, 10, 20]);
  });
});
