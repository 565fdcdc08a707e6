import { describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { appendTransition } from "../../src/stream/alert-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { HistoryFold } from "../../src/view/history/history-fold.ts";
import { transitionOf } from "../alerts/given-alerts.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { consoleRole } from "../support/console-role.ts";
import {
  startMs as dayStartMs,
  makeGatewayStream,
  publishRecords,
  reading,
} from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { waitUntil } from "../support/wait-until.ts";

const hourMs = 3_600_000;

describe("values folded into columns", () => {
  const foldOf = (values: readonly (readonly [timeMs: number, value: number])[], points = 100) => {
    const fold = new HistoryFold({ fromMs: 0, toMs: hourMs, points });
    for (const [timeMs, value] of values) fold.take({ timeMs, receivedMs: timeMs, value });
    return fold;
  };

  test("few values stand for themselves, in the order of their times", () => {
    const { atMs, max, mean, min, stepMs } = foldOf([
      [2_000, 5],
      [1_000, 4],
    ]).columns(hourMs);
    expect({ atMs, stepMs }).toEqual({ atMs: [1_000, 2_000], stepMs: 0 });
    expect([min, mean, max]).toEqual([
      [4, 5],
      [4, 5],
      [4, 5],
    ]);
  });

  test("a hole that is longer than allowed is a row of nulls, and no longer one", () => {
    const fold = foldOf([
      [0, 1],
      [30_000, 2],
      [60_001, 3],
    ]);
    expect(fold.columns(30_000).mean).toEqual([1, 2, null, 3]);
    expect(fold.columns(30_001).mean).toEqual([1, 2, 3]);
  });

  test("many values are put together within the bound, gaps included, and no peak is lost", () => {
    const values = Array.from({ length: 3_600 }, (_, second): [number, number] => [
      second * 1_000,
      second === 1_234 ? 99 : 1,
    ]);
    const columns = foldOf(values, 50).columns(10_000);
    expect(columns.atMs.length).toBeLessThanOrEqual(50);
    expect(columns.atMs.length).toBeGreaterThan(30);
    expect(Math.max(...columns.max.map(Number))).toBe(99);
    expect(columns.mean).not.toContain(null);
  });

  test("where every second value is behind a hole, rows still do not exceed the bound", () => {
    const values = Array.from({ length: 360 }, (_, at): [number, number] => [at * 10_000, at]);
    const columns = foldOf(values, 40).columns(1);
    expect(columns.atMs.length).toBeLessThanOrEqual(40);
  });

  test("a day on which clocks are changed has neither a gap nor anything twice", () => {
    const fromMs = Date.parse("2026-10-25T00:00:00+02:00");
    const toMs = Date.parse("2026-10-26T00:00:00+01:00");
    expect(toMs - fromMs).toBe(25 * hourMs);
    const fold = new HistoryFold({ fromMs, toMs, points: 400 });
    for (let timeMs = fromMs; timeMs < toMs; timeMs += 60_000)
      fold.take({ timeMs, receivedMs: timeMs, value: 1 });
    const { atMs, mean } = fold.columns(3 * 60_000);
    expect(fold.count).toBe(25 * 60);
    expect(mean).not.toContain(null);
    expect(atMs).toEqual([...new Set(atMs)].sort((one, other) => one - other));
  });

  test("what is no number is told from when on, and what came late is told apart", () => {
    const fold = new HistoryFold({ fromMs: 0, toMs: hourMs, points: 10 });
    for (const [timeMs, value] of [
      [3_000, "open"],
      [1_000, "shut"],
      [2_000, "shut"],
    ] as const)
      fold.take({ timeMs, receivedMs: timeMs, value });
    fold.take({ timeMs: 4_000, receivedMs: 400_000, value: 7 });
    expect(fold.texts()).toEqual([
      { atMs: 1_000, value: "shut" },
      { atMs: 3_000, value: "open" },
    ]);
    expect(fold.late).toEqual([{ atMs: 4_000, receivedMs: 400_000, value: 7 }]);
  });
});

test("history out of the streams has gaps, late values in their place, limits and episodes", async () => {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const ofProfile = (event: GatewayEvent): GatewayEvent => ({ ...event, profile: "acme/fz-200@1" });
  const late = { ...reading("f1", -12, 20), receivedMs: dayStartMs + 600_000 };
  const device: GatewayEvent = {
    ...{ kind: "device", device: late.device, timeMs: dayStartMs, receivedMs: dayStartMs },
    clock: "gateway",
    data: {
      ...{ device: late.device ?? ("" as never), profile: "acme/fz-200@1", intervalMs: 10_000 },
      ...{ tags: {}, attrs: {}, metrics: [{ name: "temperature", unit: "Cel" }] },
    },
  };
  const seconds = [0, 10, 30, 100];
  const events = seconds.map((second) => reading("f1", -18 + second / 10, second));
  await publishRecords(connection, "aaaaaaaa", 1, [device, ...events, late].map(ofProfile));
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
  const alert = transitionOf("f1", 0, 1, { rule: "cold/Warm" });
  await appendTransition(connection, alert, undefined);
  const one = await consoleRole(url);
  await waitUntil(async () => (await one.ask("/devices/plant-a.gw1.f1")).status === 200, "known");
  const span = `from=${dayStartMs}&to=${dayStartMs + hourMs}`;
  const { body } = await one.ask(`/devices/plant-a.gw1.f1/history?metric=temperature&${span}`);
  expect(body).toMatchObject({
    source: "streams",
    unit: "Cel",
    stepMs: 0,
    mean: [-18, -17, -12, -15, null, -8],
    late: [{ atMs: dayStartMs + 20_000, value: -12 }],
    limits: [{ rule: "cold/Warm", op: ">", value: -15 }],
    episodes: [{ instance: alert.instance, startedMs: dayStartMs, endedMs: null }],
    notes: [],
  });
  const nothing = await one.ask(`/devices/plant-a.gw1.f1/history?metric=pressure&${span}`);
  expect(nothing.status).toBe(404);
});
