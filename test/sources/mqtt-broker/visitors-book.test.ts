import { expect, test } from "vitest";
import { VisitorsBook } from "../../../src/sources/mqtt-broker/visitors-book.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { silentLogger } from "../../support/silence.ts";

function book(): { book: VisitorsBook; clock: ManualClock; lines: unknown[] } {
  const clock = new ManualClock();
  const lines: unknown[] = [];
  const note = (message: string, fields?: unknown): void => void lines.push([message, fields]);
  return {
    book: new VisitorsBook({ ...silentLogger, info: note, warn: note }, clock),
    clock,
    lines,
  };
}

test("the first of equal ones is written at once, the others are counted", async () => {
  const { book: visitors, clock, lines } = book();
  for (let n = 1; n <= 5; n += 1)
    visitors.note("warn", "refused a client", "too-large", "192.0.2.1", { client: `d${n}` });
  expect(lines).toEqual([["refused a client", { client: "d1" }]]);
  await clock.advance(10_000);
  visitors.flush();
  expect(lines.slice(1)).toEqual([["refused a client", { client: "d5", more: 4 }]]);
  visitors.note("warn", "refused a client", "too-large", "192.0.2.1", { client: "d6" });
  visitors.flush(true);
  expect(lines.slice(2)).toEqual([["refused a client", { client: "d6" }]]);
});

test("ten thousand strangers make few lines, and none of them is lost from the count", () => {
  const { book: visitors, lines } = book();
  for (let n = 0; n < 10_000; n += 1)
    visitors.note("warn", "refused a client", "bad-credentials", `2001:db8::${n}`, { n });
  visitors.flush(true);
  expect(lines).toHaveLength(258);
  expect(lines.at(-1)).toEqual(["refused a client", { n: 9_999, more: 9_743 }]);
});
