/** History of a gateway with no backbone in reach. */
import { expect, test } from "vitest";
import { historyRoutes } from "../../../src/api/routes/history-routes.ts";
import type { History } from "../../../src/api/shapes/history.ts";
import { firstSince } from "../../../src/app/web/devices/log-behind.ts";
import { gatewayHistory } from "../../../src/app/web/history/gateway-history.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { freezerProfile, freezerRules } from "../../support/memory-site.ts";
import { serveRoute } from "../../support/serve-route.ts";

const timed = freezerProfile
  .replace("time: none", "time: { path: ts, format: epoch, unit: ms }\ninterval: 1m")
  .replace("payload: { t: -18 }", "payload: { t: -18, ts: 1700000000000 }");
const device = "plant-a.gw1.acme-f1";
const minuteMs = 60_000;

async function withHistory() {
  const gateway = await gatewayHere({ profile: timed, rules: freezerRules });
  const routes = historyRoutes(gatewayHistory(gateway.facts));
  const history = (query: Record<string, string | number>, of = device) => {
    const texts = Object.entries(query).map(([name, value]) => [name, String(value)]);
    const asked = { params: { device: of }, query: Object.fromEntries(texts) };
    return serveRoute(routes, "get /devices/{device}/history", asked);
  };
  const nowMs = Date.now();
  const say = (t: number, agoMs: number) =>
    gateway.say("acme/f1/state", JSON.stringify({ t, ts: nowMs - agoMs }));
  return { ...gateway, history, nowMs, say };
}

test("values stand at their own times, gaps are gaps, and limits are drawn in", async () => {
  const { history, nowMs, say } = await withHistory();
  for (const ago of [0, 1, 2, 30, 31, 32]) await say(-18 - ago / 10, ago * minuteMs);
  const found = (await history({
    metric: "temperature",
    from: nowMs - 60 * minuteMs,
    to: nowMs + 1,
  })) as History;
  expect(found).toMatchObject({ source: "buffer", unit: "Cel", stepMs: 0, episodes: [] });
  expect(found.mean).toEqual([-21.2, -21.1, -21, null, -18.2, -18.1, -18]);
  expect([...found.atMs].sort()).toEqual(found.atMs);
  expect(found.late.map(({ value }) => value)).toContain(-21);
  expect(found.limits).toEqual([{ rule: "cold/Warm", severity: "warning", op: ">", value: -15 }]);
  expect(found.reachesBackToMs).toBeLessThanOrEqual(Date.now());
});

test("many values are steps with their least and most", async () => {
  const { history, nowMs, say } = await withHistory();
  for (let at = 0; at < 60; at += 1) await say(at % 2 === 0 ? -20 : -10, (60 - at) * 1_000);
  const found = (await history({
    ...{ metric: "temperature", from: nowMs - 2 * minuteMs, to: nowMs, points: 12 },
  })) as History;
  expect(found.stepMs).toBeGreaterThan(0);
  expect(found.atMs.length).toBeLessThanOrEqual(12);
  expect(found.min).toContain(-20);
  expect(found.max).toContain(-10);
});

test("of what is not here there is no history", async () => {
  const { history, say } = await withHistory();
  await say(-18, 0);
  for (const [metric, of] of [
    ["temperature", "plant-a.gw1.acme-f2"],
    ["temperature", "plant-a.gw2.acme-f1"],
    ["temperature", "../f1"],
    ["pressure", device],
  ] as const)
    expect(await history({ metric, from: 0, to: Date.now() }, of)).toMatchObject({ status: 404 });
});

test("where a span begins in the log is found without reading what is before", async () => {
  const { facts, nowMs, say } = await withHistory();
  for (let at = 0; at < 20; at += 1) await say(-18, at);
  const { log } = facts;
  expect(await firstSince(log, 0)).toMatchObject({ seq: log.firstSeq });
  expect((await firstSince(log, Date.now() + minuteMs)).seq).toBe(log.durableSeq + 1);
  const { seq } = await firstSince(log, nowMs);
  expect(seq).toBeGreaterThan(1);
  expect(seq).toBeLessThanOrEqual(log.durableSeq);
});
