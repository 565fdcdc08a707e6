import { expect, test } from "vitest";
import { BoundJournal } from "../../src/processor/bound-journal.ts";
import { silentLogger } from "../support/silence.ts";

test("a bound that the rules meet is said once, and again whenever it is met again", () => {
  const said: unknown[] = [];
  const journal = new BoundJournal(7, {
    ...silentLogger,
    warn: (_, fields) => said.push(fields),
  });
  const none = { displaced: 0, leftOut: 0, overflows: 0 };
  journal.look(none);
  expect(said).toEqual([]);
  journal.look({ ...none, leftOut: 3 });
  journal.look({ ...none, leftOut: 3 });
  journal.look({ ...none, leftOut: 3, displaced: 1 });
  expect(said).toEqual([
    { ...none, partition: 7, leftOut: 3 },
    { ...none, partition: 7, leftOut: 3, displaced: 1 },
  ]);
});
