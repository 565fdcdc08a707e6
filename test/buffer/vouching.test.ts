/** The seq that `append` answers with: once the log is durable up to it, the draft is on disk. */
import { describe, expect, it } from "vitest";
import {
  append,
  appendMany,
  appendThen,
  draftOf,
  gapsAmong,
  numberOf,
  openTestLog,
  place,
  readAll,
  settle,
} from "../support/test-log.ts";

const identity = { counter: 4, boot: 1, hash: 9 };

describe("the seq that vouches", () => {
  it("for a new record is its own", async () => {
    const log = await openTestLog(place(), "a");
    expect([1, 2, 3].map((n) => log.append(draftOf(n)))).toEqual([1, 2, 3]);
    expect(log.lastSeq).toBe(3);
    await settle();
    expect(log.durableSeq).toBe(3);
  });

  it("for a resend is that of the first copy, also when others wait behind it", async () => {
    const log = await openTestLog(place(), "a");
    const told: string[] = [];
    const first = log.append(draftOf(1, identity));
    await settle();
    log.append(draftOf(2));
    expect(appendThen(log, draftOf(1, identity), () => told.push("again"))).toBe(first);
    expect(log.durableSeq).toBe(first);
    await Promise.resolve();
    expect(told).toEqual(["again"]);
    await settle();
    expect((await readAll(log)).map(numberOf)).toEqual([1, 2]);
  });

  it("for a resend of an earlier run is on disk already", async () => {
    const { disk, clock } = place();
    const earlier = await openTestLog({ disk, clock }, "a");
    await append(earlier, draftOf(1, identity));
    await appendMany(earlier, 2, 3);
    await earlier.close();
    const log = await openTestLog({ disk, clock }, "b");
    expect(log.append(draftOf(1, identity))).toBeLessThanOrEqual(log.durableSeq);
    expect(log.lastSeq).toBe(4);
  });

  it("for a record too large, and for its resend, is that of the loss that is declared", async () => {
    const log = await openTestLog(place(), "a");
    const large = draftOf(1, identity, 16 * 1024);
    const seq = log.append(large);
    expect([seq, log.lastSeq]).toEqual([2, 2]);
    expect(log.append(large)).toBe(seq);
    await settle();
    expect(log.durableSeq).toBe(seq);
    expect(gapsAmong(await readAll(log))).toMatchObject([{ from: 1, to: 1, reason: "too-large" }]);
  });
});
