/** Commands to devices, as people send and follow them on the page. */
import { expect, test } from "vitest";
import { commandRoutes } from "../../../src/api/routes/command-routes.ts";
import type { CommandMade, CommandRow } from "../../../src/api/shapes/command.ts";
import { siteBackboneOptions } from "../../../src/app/site-backbone.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { commandsTopic } from "../../../src/app/web/commands/command-topic.ts";
import { Commands } from "../../../src/app/web/commands/commands.ts";
import { commandedFreezer } from "../../support/commanded-freezer.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { natsServer } from "../../support/nats-server.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { waitUntil } from "../../support/wait-until.ts";

const device = "plant-a.gw1.acme-f1";

async function commanding(natsUrl?: string) {
  const gateway = await gatewayHere({
    profile: commandedFreezer,
    ...(natsUrl !== undefined && { natsUrl }),
  });
  const { facts, say, surroundings } = gateway;
  const commands = new Commands({
    backbone: facts.backbone,
    backboneOptions: siteBackboneOptions(surroundings),
    gateway: facts,
    site: facts.site,
    nowMs: () => systemClock.wallMs(),
  });
  const routes = commandRoutes(commands);
  await say("acme/f1/state", '{"t":-18}');
  return { ...gateway, commands, routes };
}

test("a command is tried, sent, and shown with all that became of it", async () => {
  const server = await natsServer();
  const { commands, facts, hear, routes } = await commanding(server.url);
  await hear("acme/f1/light");
  await waitUntil(() => facts.status().link.kind === "linked", "the gateway is linked");
  const light = { device, name: "light", params: { on: true } };
  expect(await serveRoute(routes, "post /commands/dry-run", { body: light })).toEqual({
    sends: expect.stringContaining("acme/f1/light"),
    refused: null,
  });
  const topic = commandsTopic(commands, systemClock);
  const body = { ...light, reason: "it is dark" };
  const made = (await serveRoute(routes, "post /commands", { body })) as CommandMade;
  const told = await waitUntil(() => {
    const rows: Record<string, CommandRow> = JSON.parse(topic.takeChanges() ?? "{}");
    const row = rows[made.id];
    return row?.isFinal ? row : undefined;
  }, "the command has ended");
  topic.end();
  expect(told).toMatchObject({ by: "ana", reason: "it is dark", params: { on: true } });
  expect(told.steps.map(({ state }) => state)).toContain("sent");
  const list = (await serveRoute(routes, "get /commands", { query: { device } })) as {
    commands: CommandRow[];
  };
  expect(list.commands).toMatchObject([{ id: made.id, deviceKey: device, isFinal: true }]);
  const params = { id: made.id };
  expect(await serveRoute(routes, "post /commands/{id}/cancel", { params })).toMatchObject({
    ...{ status: 409, title: expect.stringContaining("has ended") },
  });
  expect(
    await serveRoute(routes, "post /commands/{id}/cancel", { params: { id: "none" } }),
  ).toMatchObject({ status: 404 });
});

test("a dangerous command is sent only with the name of its device", async () => {
  const server = await natsServer();
  const { facts, routes } = await commanding(server.url);
  await waitUntil(() => facts.status().link.kind === "linked", "the gateway is linked");
  const order = { device, name: "set_setpoint", params: { setpoint: -18 } };
  const sent = (more: object) =>
    serveRoute(routes, "post /commands", { body: { ...order, ...more } });
  for (const more of [{}, { confirm: "" }, { confirm: "acme-f2" }, { confirm: device }])
    expect(await sent(more)).toMatchObject({ status: 409, code: "command.unconfirmed" });
  expect(await sent({ confirm: "acme-f1" })).toMatchObject({ id: expect.any(String) });
});

test("what a profile refuses is refused before it is sent", async () => {
  const { routes } = await commanding();
  for (const [name, params, why] of [
    ["set_setpoint", { setpoint: -40 }, "setpoint"],
    ["set_setpoint", {}, "missing"],
    ["set_setpoint", { setpoint: -18, mode: "odd" }, "mode"],
    ["set_setpint", {}, "did you mean set_setpoint"],
  ] as const) {
    const body = { device, name, params, confirm: "acme-f1" };
    expect(await serveRoute(routes, "post /commands", { body })).toMatchObject({
      ...{ status: 409, code: "command.refused", title: expect.stringContaining(why) },
    });
    expect(await serveRoute(routes, "post /commands/dry-run", { body })).toMatchObject({
      ...{ sends: null, refused: expect.stringContaining(why) },
    });
  }
});

test("with no backbone in reach nothing is sent, and the answer says so", async () => {
  const { routes } = await commanding();
  const body = { device, name: "light", params: { on: true } };
  for (const [name, asked] of [
    ["post /commands", { body }],
    ["get /commands", {}],
  ] as const)
    expect(await serveRoute(routes, name, asked)).toMatchObject({ status: 503 });
  const odd = { ...body, device: "plant-a.gw1.nobody" };
  expect(await serveRoute(routes, "post /commands", { body: odd })).toMatchObject({ status: 404 });
});
