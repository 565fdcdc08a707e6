import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LogPosition, toRunId, toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { findFirstUnread, holdsMark, type StreamView } from "../../src/stream/locate-position.ts";

const created = "2026-11-21T14:00:00Z";
const run = toRunId("aaaaaaaa");

/** A stream whose messages hold these seqs, undefined for a message of nobody. */
function view(seqs: readonly (number | undefined)[], firstSeq = 1): StreamView {
  return {
    created,
    firstSeq: toStreamSeq(firstSeq),
    lastSeq: toStreamSeq(firstSeq + seqs.length - 1),
    messages: seqs.length,
    recordAt: async (streamSeq): Promise<LogPosition | undefined> => {
      const seq = seqs[streamSeq - firstSeq];
      return seq === undefined ? undefined : { run, seq: toSeq(seq) };
    },
  };
}

const mark = (streamSeq: number, seq: number) => ({
  created,
  streamSeq: toStreamSeq(streamSeq),
  run,
  seq: toSeq(seq),
});

describe("position in a stream", () => {
  test("holds while the marked message is where it was", async () => {
    expect(await holdsMark(view([5, 6, 7]), mark(2, 6))).toBe(true);
    expect(await holdsMark(view([5, 7, 8]), mark(2, 6))).toBe(false);
    expect(await holdsMark(view([5]), mark(2, 6))).toBe(false);
    expect(await holdsMark({ ...view([5, 6]), created: "later" }, mark(2, 6))).toBe(false);
  });

  test("holds when the marked message has expired", async () => {
    expect(await holdsMark(view([8, 9], 4), mark(2, 6))).toBe(true);
  });

  test("is found before the first unread record, wherever foreign messages stand", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 45 }),
        async (ours, firstSeq, readUpTo) => {
          let seq = 0;
          const seqs = ours.map((own) => (own ? ++seq : undefined));
          const from = await findFirstUnread(
            view(seqs, firstSeq),
            (record) => record.seq <= readUpTo,
          );
          const unread = seqs.slice(from - firstSeq).filter((one) => one !== undefined);
          const skipped = seqs.slice(0, from - firstSeq).filter((one) => one !== undefined);
          expect(unread.every((one) => one > readUpTo)).toBe(true);
          expect(skipped.every((one) => one <= readUpTo)).toBe(true);
        },
      ),
      { numRuns: 300, verbose: true },
    );
  });
});
