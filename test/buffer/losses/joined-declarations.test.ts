/** Gap events that take along what older ones said, while others are on their way to the disk. */
import { describe, expect, it } from "vitest";
import { CursorFile } from "../../../src/buffer/cursor.ts";
import { rankOf } from "../../../src/buffer/format/frame.ts";
import { Tally } from "../../../src/buffer/format/tally.ts";
import { Positions } from "../../../src/buffer/positions.ts";
import type { Segment } from "../../../src/buffer/segment.ts";
import { SegmentTable } from "../../../src/buffer/segment-table.ts";
import { ClassDrops } from "../../../src/buffer/space/class-drops.ts";
import { DeclaredDrops } from "../../../src/buffer/space/declared-drops.ts";
import { Reserve, reserveNames } from "../../../src/buffer/space/reserve.ts";
import type { GapRange } from "../../../src/core/event.ts";
import { toRunId, toSeq } from "../../../src/core/ids.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { drawActions } from "../../support/log-actions.ts";
import { LogTrial } from "../../support/log-trial.ts";
import { silentLogger } from "../../support/silence.ts";
import { place, smallBuffer, testFolder } from "../../support/test-log.ts";

const run = toRunId("a0000000");
const alarmRank = rankOf("alarm");

function dropped(from: number, to: number, count: number): GapRange {
  const reason = "dropped-full";
  return { run, from: toSeq(from), to: toSeq(to), count, class: "telemetry", reason };
}

/** A closed segment of ten seqs with alarms among them; without telemetry where they are fewer. */
function segmentOf(firstSeq: number, alarms: number, gaps: readonly GapRange[] = []): Segment {
  const tally = new Tally();
  for (let seq = firstSeq; seq < firstSeq + 10; seq += 1)
    if (seq >= firstSeq + 10 - alarms) tally.add(seq, 1, alarmRank, 64);
  tally.firstSeq = firstSeq;
  tally.addGap(gaps);
  const keptFrom = alarms < 10 ? rankOf("state") : 0;
  return {
    path: `${testFolder}/${firstSeq}.seg`,
    uuid: Buffer.alloc(16, firstSeq),
    seal: undefined,
    run,
    firstSeq,
    previousSeq: firstSeq - 1,
    tally,
    framesEnd: 1_000,
    fileBytes: 1_200,
    state: "closed",
    confirmedAtMs: undefined,
    damaged: [],
    keptFrom,
    declaredFrom: keptFrom,
  };
}

/** The first ten seqs are gone; half of the next ten are, and both are said in the third ten. */
function dropsOf() {
  const { disk } = place();
  const gaps = [dropped(1, 10, 10), dropped(11, 20, 5)];
  const segments = [segmentOf(11, 5), segmentOf(21, 10, gaps), segmentOf(31, 10)];
  const declared: { readonly ranges: readonly GapRange[]; readonly done: () => void }[] = [];
  const reserve = new Reserve(disk, testFolder, silentLogger, smallBuffer, reserveNames.copies);
  const table = new SegmentTable(segments);
  const storage = { disk, folder: testFolder, logger: silentLogger, table };
  const drops = new ClassDrops({
    ...storage,
    ended: new DeclaredDrops({ ...storage, reserve, onLost: () => {} }),
    positions: new Positions(new CursorFile(disk, testFolder, "0123456789abcdef"), reserve, [run]),
    declare: (ranges, _records, done) => declared.push({ ranges, done }),
    onMissing: () => {},
  });
  const giveUpNext = async (): Promise<readonly GapRange[]> => {
    await drops.giveUpNext();
    drops.declare();
    return (declared.at(-1)?.ranges ?? []).filter((range) => range.class === "telemetry");
  };
  return { declared, giveUpNext };
}

describe("what a gap event says of a segment that is given up", () => {
  it("is not joined while a crash can bring the segment back", async () => {
    const { giveUpNext } = dropsOf();
    expect(await giveUpNext()).toEqual([]);
    expect(await giveUpNext()).toEqual([dropped(1, 10, 10), dropped(11, 20, 5)]);
  });

  it("is joined once the segment is gone for good", async () => {
    const { declared, giveUpNext } = dropsOf();
    expect(await giveUpNext()).toEqual([]);
    declared[0]?.done();
    expect(await giveUpNext()).toEqual([dropped(1, 20, 15)]);
  });

  it.each(["final/249", "final/444"])("holds over crashes: seed %s", async (seed) => {
    const trial = new LogTrial({ random: createSeededRandom(`${seed} disk`) });
    await trial.run(drawActions(createSeededRandom(seed), 50, 500));
  });
});
