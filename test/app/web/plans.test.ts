/** Runs of plans, as people ask for and follow them on the page. */
import { expect, test } from "vitest";
import { planRoutes } from "../../../src/api/routes/plan-routes.ts";
import type { PlanList, PlanRunRow, RunMade } from "../../../src/api/shapes/command.ts";
import { siteBackboneOptions } from "../../../src/app/site-backbone.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { plansTopic } from "../../../src/app/web/commands/plan-topic.ts";
import { planDesk } from "../../../src/app/web/commands/plans.ts";
import { commandedFreezer } from "../../support/commanded-freezer.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { natsServer } from "../../support/nats-server.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { waitUntil } from "../../support/wait-until.ts";

const plansText = `version: 1
plans:
  - name: defrost
    about: Warms a freezer up for a while.
    params: { to: { type: number, range: [-20, -10] } }
    within: 1h
    steps:
      - device: freezer-07
        command: light
        params: { on: true }
        compensate: { device: freezer-07, command: light, params: { on: false } }
      - wait: 10m
      - { device: freezer-07, command: set_setpoint, params: { setpoint: "{to}" } }
`;

async function planning(natsUrl?: string) {
  const { facts, surroundings } = await gatewayHere({
    profile: commandedFreezer,
    plans: plansText,
    configuration: `devices: [{ id: freezer-07, profile: acme/fz-200, topic: "acme/seven/state" }]
plans: { files: [plans.yaml] }`,
    ...(natsUrl !== undefined && { natsUrl }),
  });
  const desk = planDesk({
    backbone: facts.backbone,
    backboneOptions: siteBackboneOptions(surroundings),
    site: facts.site,
    nowMs: () => systemClock.wallMs(),
  });
  return { desk, facts, routes: planRoutes(desk) };
}

const order = { plan: "defrost", params: { to: -12 } };

test("a plan is outlined, run only by its name where it is dangerous, and turned back", async () => {
  const server = await natsServer();
  const { desk, facts, routes } = await planning(server.url);
  await waitUntil(() => facts.backbone.state.kind === "connected", "the backbone is there");
  expect(await serveRoute(routes, "get /plans")).toMatchObject({
    plans: [
      {
        ...{ name: "defrost", dangerous: true },
        params: [{ name: "to", kind: "number", min: -20, max: -10, fallback: null }],
      },
    ],
    runs: [],
  });
  expect(await serveRoute(routes, "post /plans/outline", { body: order })).toEqual({
    steps: [
      { what: "light on=true on freezer-07", undo: "light on=false on freezer-07" },
      { what: "wait 10m", undo: null },
      { what: "set_setpoint setpoint=-12 on freezer-07", undo: null },
    ],
    refused: null,
  });
  expect(await serveRoute(routes, "post /plans", { body: order })).toMatchObject({
    ...{ status: 409, code: "command.unconfirmed" },
  });
  const topic = plansTopic(() => desk.runs(), systemClock);
  const body = { ...order, confirm: "defrost", reason: "ice" };
  const made = (await serveRoute(routes, "post /plans", { body })) as RunMade;
  expect(made.event).toBe(`${made.run}.1`);
  const params = { run: made.run };
  await serveRoute(routes, "post /plans/{run}/cancel", { params, body: { reason: "no" } });
  const told = await waitUntil(() => {
    const rows: Record<string, PlanRunRow> = JSON.parse(topic.takeChanges() ?? "{}");
    return rows[made.run]?.text === "no" ? rows[made.run] : undefined;
  }, "the run is told of");
  topic.end();
  expect(told).toMatchObject({ plan: "defrost", by: "ana", steps: [{ state: "to come" }, {}, {}] });
  for (const [verb, why] of [
    ["cancel", {}],
    ["settle", { reason: "seen to" }],
  ] as const)
    expect(
      await serveRoute(routes, `post /plans/{run}/${verb}`, { params, body: why }),
    ).toMatchObject({ status: 409, code: "plan.refused" });
  expect(await serveRoute(routes, "post /plans/{run}/settle", { params, body: {} })).toMatchObject({
    status: 400,
  });
  const list = (await serveRoute(routes, "get /plans")) as PlanList;
  expect(list.runs.map(({ run }) => run)).toEqual([made.run]);
  const second = (await serveRoute(routes, "post /plans", { body })) as RunMade;
  const { runs } = (await serveRoute(routes, "get /plans")) as PlanList;
  expect(runs.find(({ run }) => run === second.run)?.text).toBe(
    `waits for ${made.run}, which has freezer-07 of gw1`,
  );
});

test("what does not fit a plan is said before anything is done", async () => {
  const { routes } = await planning();
  for (const [params, why] of [
    [{ to: 5 }, "does not fit"],
    [{}, "missing"],
    [{ to: -12, odd: 1 }, "no parameter odd"],
  ] as const) {
    const body = { plan: "defrost", params };
    expect(await serveRoute(routes, "post /plans/outline", { body })).toMatchObject({
      refused: expect.stringContaining(why),
    });
    expect(await serveRoute(routes, "post /plans", { body })).toMatchObject({
      ...{ status: 409, title: expect.stringContaining(why) },
    });
  }
});
