import { expect, test } from "vitest";
import type { AuditFacts } from "../../../src/core/audit.ts";
import {
  appendMany,
  gapsAmong,
  openTestLog,
  place,
  readAll,
  settle,
} from "../../support/test-log.ts";

test("each declared drop stands in the audit log exactly once, with its records and their count", async () => {
  const noted: AuditFacts[] = [];
  const audit = { note: (facts: AuditFacts) => void noted.push(facts), count() {} };
  const here = place();
  const log = await openTestLog(here, "aaaaaaaa", {}, { audit });
  await appendMany(log, 0, 1_500);
  await settle();
  const gaps = gapsAmong(await readAll(log));
  expect(gaps.length).toBeGreaterThan(0);
  const { droppedRecords } = log.state();
  await log.close();

  const drops = noted.filter(({ action }) => action === "drop");
  const spans = drops.map(({ target }) => /^records (\d+) to (\d+)$/.exec(target ?? "")?.slice(1));
  const counts = drops.map(({ text }) => Number(/^(\d+) are lost/.exec(text ?? "")?.[1]));
  expect(new Set(spans.map(String)).size).toBe(drops.length);
  let before = 0;
  for (const [from = "", to = ""] of spans.map((span) => span ?? [])) {
    expect(Number(from)).toBeGreaterThan(before);
    before = Number(to);
  }
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(droppedRecords);
  expect(drops.every(({ by, outcome }) => by === "sluicegate" && outcome === "done")).toBe(true);

  // What was declared is not said again at the next start.
  const again = await openTestLog(here, "bbbbbbbb", {}, { audit });
  await settle();
  await again.close();
  expect(noted.filter(({ action }) => action === "drop")).toHaveLength(drops.length);
});
