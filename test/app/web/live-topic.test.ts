/** What flows, as a page sees it. */
import { expect, test } from "vitest";
import type { LiveCounts, LiveRow } from "../../../src/api/shapes/live.ts";
import { liveCounts, liveRow } from "../../../src/api/shapes/live.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { parseLiveName } from "../../../src/app/web/live/live-name.ts";
import { LiveRows } from "../../../src/app/web/live/live-rows.ts";
import { liveTopic } from "../../../src/app/web/live/live-topic.ts";
import { LookingTime } from "../../../src/app/web/live/looking-time.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { freezerProfile } from "../../support/memory-site.ts";
import { natsServer } from "../../support/nats-server.ts";
import { waitUntil } from "../../support/wait-until.ts";

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
  const topic = liveTopic(name, { clock, taps, facts, time: new LookingTime(clock) });
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

test("what the backbone confirmed is shown with its id, and what comes late in a stage of its own", async () => {
  const server = await natsServer();
  const profile = freezerProfile
    .replace("time: none", "time: { path: ts, format: epoch, unit: ms }")
    .replace("payload: { t: -18 }", "payload: { t: -18, ts: 1700000000000 }");
  const { facts, say, surroundings } = await gatewayHere({ natsUrl: server.url, profile });
  const time = new LookingTime(systemClock);
  const parts = { clock: systemClock, taps: surroundings.taps, facts, time };
  const [sent, late] = ["live:sent?filter=kind:measurement", "live:late"].map((name) =>
    liveTopic(name, parts),
  );
  const nowMs = Date.now();
  for (const ago of [3_600_000, 0]) await say("acme/f1/state", `{"t":-18,"ts":${nowMs - ago}}`);
  const shown: LiveRow[] = [];
  await waitUntil(() => {
    shown.push(...rowsIn(sent?.takeChanges()));
    return shown.length === 2;
  }, "both are confirmed");
  expect(shown[0]?.event).toMatch(/^gw1\.[0-9a-z]{8}\.\d+$/);
  expect(rowsIn(late?.takeChanges())).toMatchObject([{ timeMs: nowMs - 3_600_000 }]);
  for (const topic of [sent, late]) topic?.end();
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
  (name) => {
    expect(parseLiveName(name)).toBe(undefined);
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
