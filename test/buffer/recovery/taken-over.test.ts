/** A segment whose sync failed, and the one that was begun to take over from it. */
import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { drawActions } from "../../support/log-actions.ts";
import { LogTrial } from "../../support/log-trial.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import {
  append,
  appendMany,
  draftOf,
  numberOf,
  openTestLog,
  readAll,
} from "../../support/test-log.ts";

describe("what a failed sync leaves in a segment", () => {
  it("is not taken where another took over, though nothing was written there", async () => {
    const where = { disk: new SimDisk({ random: () => 0.9 }), clock: new ManualClock() };
    const { disk } = where;
    const failed = await openTestLog(where, "a");
    await appendMany(failed, 1, 3);
    let syncs = 0;
    disk.fault = (call, path) => {
      if (call === "sync" && path.endsWith("1.seg")) return "EIO";
      if (call === "sync" && path.endsWith("4.seg")) syncs += 1;
      return call === "write" && syncs > 0 ? "ENOSPC" : undefined;
    };
    const seq = failed.append(draftOf(4));
    await failed.close();
    expect(failed.durableSeq).toBeLessThan(seq);
    expect(disk.paths.filter((path) => path.endsWith(".seg"))).toHaveLength(2);
    disk.heal();
    const next = await openTestLog(where, "b");
    expect((await readAll(next)).map(numberOf)).toEqual([1, 2, 3]);
    await append(next, draftOf(4));
    expect((await readAll(next)).map(numberOf)).toEqual([1, 2, 3, 4]);
    await next.close();
  });

  it.each(["hseed/56"])("is lost by nobody who saw it: seed %s", async (seed) => {
    const trial = new LogTrial({ random: createSeededRandom(`${seed} disk`) });
    await trial.run(drawActions(createSeededRandom(seed), 50, 500));
  });
});
