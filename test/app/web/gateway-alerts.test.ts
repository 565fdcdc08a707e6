/** Alerts that a gateway judges itself, with no backbone in reach. */
import { expect, test } from "vitest";
import { alertRoutes } from "../../../src/api/routes/alert-routes.ts";
import type { AlertList, AlertPage, AlertRow } from "../../../src/api/shapes/alert.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { GatewayAlerts } from "../../../src/app/web/alerts/gateway-alerts.ts";
import { alertsTopic } from "../../../src/app/web/gateway-topics.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { waitUntil } from "../../support/wait-until.ts";

const rules = `version: 1
groups:
  - name: cold
    rules:
      - alert: Warm
        evaluate: edge
        select: { profile: acme/fz-200, metric: temperature }
        condition: { threshold: { above: -15 } }
        severity: critical
`;

test("an alert is listed, explained and drawn while it fires, and is history when it ended", async () => {
  const { facts, say } = await gatewayHere({ rules });
  const alerts = new GatewayAlerts(facts, Date.now);
  const routes = alertRoutes(alerts);
  const topic = alertsTopic(alerts, systemClock);
  await say("acme/f1/state", '{"t":-3}');
  const told = await waitUntil(() => topic.takeChanges(), "the alert is told of");
  const [instance = ""] = Object.keys(JSON.parse(told));
  const row: AlertRow = JSON.parse(told)[instance];
  expect(row).toMatchObject({
    ...{ rule: "cold/Warm", severity: "critical", isFiring: true, judgedAt: "gateway" },
    ...{ deviceKey: "plant-a.gw1.acme-f1", value: "-3 °C", limit: "> -15 °C" },
  });
  const params = { instance };
  const page = await waitUntil(async () => {
    const now = (await serveRoute(routes, "get /alerts/{instance}", { params })) as AlertPage;
    return now.story.length > 0 ? now : undefined;
  }, "the transition is in the log");
  expect(page).toMatchObject({
    ...{ verbs: [], rule: { file: "rules/cold.yaml" }, story: [{ what: "firing" }] },
    chart: { deviceKey: "plant-a.gw1.acme-f1", metric: "temperature" },
  });
  expect(page.explain.join("\n")).toContain("firing");
  const asked = { alert: "Warm", device: "acme-f1" };
  expect(await facts.questions["explain-edge-alert"]?.(asked)).toMatchObject({
    instances: [{ state: "firing", site: "plant-a", gateway: "gw1" }],
  });
  expect(
    await serveRoute(routes, "post /alerts/{instance}/ack", { params, body: {} }),
  ).toMatchObject({ status: 409, advice: expect.stringContaining("hub") });

  await say("acme/f1/state", '{"t":-20}');
  const gone = await waitUntil(() => topic.takeChanges(), "the alert is gone");
  topic.end();
  expect(JSON.parse(gone)).toEqual({ [instance]: null });
  const ended = await waitUntil(async () => {
    const query = { list: "history" };
    const list = (await serveRoute(routes, "get /alerts", { query })) as AlertList;
    return list.total > 0 ? list : undefined;
  }, "the end is in the log");
  expect(ended.alerts).toMatchObject([{ instance, isFiring: false }]);
  expect(await serveRoute(routes, "get /alerts")).toMatchObject({ alerts: [], counts: {} });
  expect(await serveRoute(routes, "get /alerts/figures")).toMatchObject({ alerts: 1 });
  const none = { params: { instance: "none" } };
  expect(await serveRoute(routes, "get /alerts/{instance}", none)).toMatchObject({ status: 404 });
});
