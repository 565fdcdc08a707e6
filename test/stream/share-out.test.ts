import { describe, expect, test } from "vitest";
import type { RollEntry } from "../../src/stream/roll-entry.ts";
import { Company } from "../../src/stream/share-out.ts";

const partitions = Array.from({ length: 64 }, (_, number) => String(number));
const entry = (id: string, more: Partial<RollEntry> = {}): RollEntry => ({
  id,
  name: "box",
  isSettled: true,
  holds: {},
  ...more,
});

/** Whose each partition is, as each of them sees it. */
function owners(entries: readonly RollEntry[]): string[][] {
  const companies = entries.map((own) => ({
    id: own.id,
    company: new Company(
      own,
      entries.filter((other) => other !== own),
    ),
  }));
  return partitions.map((number) =>
    companies.filter(({ company }) => company.isOwn(number)).map(({ id }) => id),
  );
}

describe("partitions that are shared out", () => {
  test("fall to exactly one of those that are there, and nobody is left without", () => {
    const found = owners(["a1", "b2", "c3"].map((id) => entry(id)));
    expect(found.every((each) => each.length === 1)).toBe(true);
    for (const id of ["a1", "b2", "c3"])
      expect(found.flat().filter((each) => each === id).length).toBeGreaterThan(10);
  });

  test("stay where they are when another comes or goes, but for those it wins", () => {
    const two = owners(["a1", "b2"].map((id) => entry(id))).flat();
    const three = owners(["a1", "b2", "c3"].map((id) => entry(id))).flat();
    for (const number of partitions)
      if (three[Number(number)] !== "c3") expect(three[Number(number)]).toBe(two[Number(number)]);
  });

  test("fall to nobody who came a moment ago while others are settled", () => {
    const found = owners([entry("a1"), entry("b2", { isSettled: false })]);
    expect(new Set(found.flat())).toEqual(new Set(["a1"]));
    const alone = owners([entry("b2", { isSettled: false })]);
    expect(new Set(alone.flat())).toEqual(new Set(["b2"]));
  });
});
