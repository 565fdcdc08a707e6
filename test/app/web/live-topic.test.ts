/** What flows, as a page sees it. */
import { expect, test } from "vitest";
import type { LiveCounts, LiveRow } from "../../../src/api/shapes/live.ts";
import { liveCounts, liveRow } from "../../../src/api/shapes/live.ts";
import { LiveRows } from "../../../src/app/web/live-rows.ts";
import { liveTopic } from "../../../src/app/web/live-topic.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { ManualClock } from "../../support/manual-clock.ts";

type Told = Record<string, LiveRow | LiveCounts>;

function rowsIn(text: string | undefined): LiveRow[] {
  const told: Told = JSON.parse(text ?? "{}");
  return Object.entries(told).flatMap(([key, row]) =>
    key === "counts" ? [] : [liveRow.parse(row)],
  );
}

async function looking(name: string) {
  const clock = new ManualClock();
  const { facts, say, surroundings } = await gatewayHere();
  const { taps } = surroundings;
  const topic = liveTopic(name, { clock, taps, facts });
  if (topic === undefined) throw new Error(`${name} is no topic`);
  return { clock, say, taps, topic };
}

test("shows what fits the filter, and costs nothing once nobody looks", async () => {
  const filter = encodeURIComponent("device:acme-f1 temperature > -15");
  const { say, taps, topic } = await looking(`live:normalized?filter=${filter}`);
  expect(taps.wanted("normalized")).toBe(true);
  for (const [device, t] of [
    ["f1", -18],
    ["f2", -3],
    ["f1", -11],
  ] as const)
    await say(`acme/${device}/state`, `{"t":${t}}`);
  expect(rowsIn(topic.takeChanges())).toMatchObject([
    { device: "acme-f1", deviceKey: "plant-a.gw1.acme-f1", text: "temperature -11 °C" },
  ]);
  topic.end();
  expect(taps.wanted("normalized")).toBe(false);
});

test.each([
  ["received", '{"t":-18}', 'acme/f1/state {"t":-18}'],
  ["rejected", '{"t":"warm"}', "bad-value"],
])("shows the stage %s", async (stage, payload, text) => {
  const { say, topic } = await looking(`live:${stage}`);
  await say("acme/f1/state", payload);
  const [row] = rowsIn(topic.takeChanges());
  expect(row?.text).toContain(text);
  topic.end();
});

test("of a flood it shows so many a second, evenly, and counts the rest", async () => {
  const clock = new ManualClock();
  const rows = new LiveRows(clock, 20, null);
  let shown = 0;
  for (let ms = 0; ms < 5_000; ms += 1) {
    clock.stall(1);
    if (rows.admits()) shown += 1;
  }
  rows.count();
  expect(liveCounts.parse(rows.get("counts"))).toMatchObject({
    ...{ seenPerS: 1_000, seen: 5_000, shown, isSampled: true },
  });
  expect(shown).toBeGreaterThan(95);
  // A second's worth may come at once.
  expect(shown).toBeLessThan(121);
});

test("what is wrong with a filter is said, and nothing is shown", async () => {
  const { clock, taps, topic } = await looking("live:normalized?filter=devise:x");
  await clock.advance(1_000);
  const { counts } = JSON.parse(topic.all());
  expect(counts).toMatchObject({ fault: expect.stringContaining("did you mean device?") });
  expect(taps.wanted("normalized")).toBe(false);
});

test.each(["live", "live:", "live:odd", "devices", `live:sent?filter=${"x".repeat(3_000)}`])(
  "%s is no topic of what flows",
  async (name) => {
    const { facts, surroundings } = await gatewayHere();
    const parts = { facts, clock: new ManualClock(), taps: surroundings.taps };
    expect(liveTopic(name, parts)).toBe(undefined);
  },
);

test("a row is bounded, whatever a device sends", async () => {
  const { say, topic } = await looking("live:received?per_s=100");
  await say("acme/f1/state", Buffer.alloc(100_000, 0xff));
  await say("acme/f1/state", `<script>${"x".repeat(100_000)}</script>`);
  const text = topic.takeChanges() ?? "";
  expect(rowsIn(text)).toHaveLength(2);
  expect(text.length).toBeLessThan(40_000);
  topic.end();
});
