/** A log that was closed: the folder may be somebody else's from then on. */

import { describe, expect, it, onTestFinished } from "vitest";
import type { GapRange } from "../../src/core/event.ts";
import { toRunId, toSeq } from "../../src/core/ids.ts";
import { gatewayToken } from "../../src/core/subject.ts";
import {
  append,
  appendMany,
  draftOf,
  openTestLog,
  place,
  readAll,
  settle,
} from "../support/test-log.ts";

const range = { run: toRunId("zzzzzzzz"), from: toSeq(1), to: toSeq(5), count: 5 };
const ranges: GapRange[] = [{ ...range, class: "telemetry", reason: "set-aside" }];
const gapDraft = {
  kind: "gap",
  recordClass: "alarm",
  deviceToken: gatewayToken,
  tail: `,"type":"io.sluicegate.gap.v1","data":${JSON.stringify({ ranges })}}`,
} as const;

/** A log in whose first segment a gap event and some records stand, one of them damaged. */
async function openDamaged() {
  const { disk, clock } = place();
  const first = await openTestLog({ disk, clock }, "a");
  await append(first, gapDraft);
  await appendMany(first, 2, 10);
  await first.close();
  disk.damage("/log/00000000000000000001.seg", (bytes) => {
    const at = bytes.indexOf('"n":5');
    return bytes.fill(0xff, at, at + 4);
  });
  return { disk, clock, log: await openTestLog({ disk, clock }, "b") };
}

describe("a closed log", () => {
  it("has declared what readers found before, and changes nothing more", async () => {
    const { clock, disk, log } = await openDamaged();
    await readAll(log, 0, { publishing: true });
    await log.close();
    const calls = disk.callCount;
    const files = disk.paths.map((path) => disk.contentOf(path).toString("hex"));
    await clock.advance(5_000);
    await settle();
    expect(disk.callCount).toBe(calls);
    expect(disk.paths.map((path) => disk.contentOf(path).toString("hex"))).toEqual(files);
    const next = await openTestLog({ disk, clock }, "c");
    expect((await readAll(next)).filter(({ kind }) => kind === "gap")).toHaveLength(2);
    await next.close();
  });

  it("gives readers nothing more, and does not write the cursor for them", async () => {
    const { disk, log } = await openDamaged();
    const reader = await log.openReader(toSeq(0), { publishing: true });
    await log.close();
    const calls = disk.callCount;
    expect(await reader.next(100)).toEqual([]);
    await settle();
    expect(disk.callCount).toBe(calls);
  });

  it("deletes no segment in which somebody else has records", async () => {
    const { clock, disk } = place();
    const late = await openTestLog({ disk, clock }, "a");
    onTestFinished(() => late.close());
    const successor = await openTestLog({ disk, clock }, "b");
    await appendMany(successor, 1, 5);
    const before = disk.contentOf("/log/00000000000000000001.seg").toString("hex");
    late.append(draftOf(99));
    await settle();
    expect(disk.contentOf("/log/00000000000000000001.seg").toString("hex")).toBe(before);
    expect(late.state().trouble).toContain("another process has written records there");
    await successor.close();
  });
});

describe("whoever is told of a commit", () => {
  it("keeps nobody else waiting when it throws", async () => {
    const { clock, disk } = place();
    const log = await openTestLog({ disk, clock }, "a");
    const told: string[] = [];
    log.onDurable(() => {
      throw new Error("the first listener fails");
    });
    log.onDurable(() => told.push("listener"));
    log.append(draftOf(1));
    log.append(draftOf(2));
    await settle();
    expect(told).toEqual(["listener"]);
    await append(log, draftOf(3));
    expect(log.durableSeq).toBe(3);
    await log.close();
  });
});
