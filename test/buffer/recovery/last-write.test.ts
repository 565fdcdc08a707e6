/** A start that cannot do the last write again: nobody knows whether the medium has it. */
import { describe, expect, it } from "vitest";
import { toSeq, toStreamSeq } from "../../../src/core/ids.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { drawActions } from "../../support/log-actions.ts";
import { LogTrial } from "../../support/log-trial.ts";
import {
  append,
  appendMany,
  appendThen,
  draftOf,
  numberOf,
  openTestLog,
  place,
  readAll,
  settle,
} from "../../support/test-log.ts";

const identity = { counter: 4, boot: 1, hash: 9 };

/** The gateway was killed, and its disk takes nothing while it starts again. */
async function startOnRefusingDisk() {
  const { clock, disk } = place();
  const killed = await openTestLog({ disk, clock }, "a");
  await appendMany(killed, 1, 3);
  await append(killed, draftOf(4, identity));
  disk.fault = (call) => (call === "write" || call === "create" ? "EIO" : undefined);
  return { clock, disk, log: await openTestLog({ disk, clock }, "b") };
}

describe("the last write of the run before", () => {
  it("is given to nobody until a copy of it is on the disk", async () => {
    const { clock, disk, log } = await startOnRefusingDisk();
    expect(await readAll(log)).toEqual([]);
    expect([log.durableSeq, log.lastSeq]).toEqual([0, 4]);
    disk.heal();
    await clock.advance(2_000);
    await settle();
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2, 3, 4]);
    expect(log.durableSeq).toBe(4);
    const next = await openTestLog({ disk: disk.crash(), clock }, "c");
    expect((await readAll(next)).map(numberOf)).toEqual([1, 2, 3, 4]);
    await next.close();
  });

  it("lets no resend be acknowledged until then, and nothing be stored behind it", async () => {
    const { clock, disk, log } = await startOnRefusingDisk();
    const told: string[] = [];
    appendThen(log, draftOf(4, identity), () => told.push("resend"));
    appendThen(log, draftOf(5), () => told.push("next"));
    await settle();
    expect(told).toEqual([]);
    disk.heal();
    await clock.advance(10_000);
    await settle();
    expect(told).toEqual(["resend", "next"]);
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2, 3, 4, 5]);
    await log.close();
  });

  it("acknowledges no resend of it when the log is closed before", async () => {
    const { clock, disk, log } = await startOnRefusingDisk();
    const told: string[] = [];
    const seq = appendThen(log, draftOf(4, identity), () => told.push("resend"));
    await log.close();
    disk.heal();
    await clock.advance(10_000);
    await settle();
    expect(log.durableSeq).toBeLessThan(seq);
    expect(told).toEqual([]);
  });

  it("is not forgotten by a backbone that loses it meanwhile: it will be sent again", async () => {
    const { clock, disk } = place();
    const killed = await openTestLog({ disk, clock }, "a");
    await appendMany(killed, 1, 4);
    killed.confirm({ run: killed.run, seq: toSeq(4), streamSeq: toStreamSeq(4) });
    await clock.advance(2_000);
    await settle();
    disk.fault = (call) => (call === "write" || call === "create" ? "EIO" : undefined);
    const log = await openTestLog({ disk, clock }, "b");
    expect(log.confirmed?.seq).toBe(4);
    expect(await log.regress(undefined)).toBe(0);
    expect(await readAll(log)).toEqual([]);
    disk.heal();
    await clock.advance(10_000);
    await settle();
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2, 3, 4]);
    await log.close();
  });

  it.each(["w/191", "w/297", "w/1339"])(
    "takes nothing along that anybody saw: seed %s",
    async (seed) => {
      const trial = new LogTrial({ random: createSeededRandom(`${seed} disk`) });
      await trial.run(drawActions(createSeededRandom(seed), 50, 500));
    },
  );
});
