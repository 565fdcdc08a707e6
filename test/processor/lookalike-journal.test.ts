import { expect, test } from "vitest";
import { LookalikeJournal } from "../../src/processor/lookalike-journal.ts";
import { silentLogger } from "../support/silence.ts";

test("a stream that only looks like a gateway's is said once while it is there", () => {
  const said: unknown[] = [];
  const journal = new LookalikeJournal({
    ...silentLogger,
    warn: (_, fields) => said.push(fields?.["stream"]),
  });
  const copy = { stream: "GW_copy", reason: "it is fed from other streams" };
  const other = { stream: "GW_other", reason: "its subjects are not those of one gateway" };
  journal.look([copy]);
  journal.look([copy, other]);
  journal.look([other]);
  expect(said).toEqual(["GW_copy", "GW_other"]);

  journal.look([other, copy]);
  expect(said).toEqual(["GW_copy", "GW_other", "GW_copy"]);
});
