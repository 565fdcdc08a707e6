/** Devices of a gateway with no backbone in reach. */
import { expect, test } from "vitest";
import { deviceRoutes } from "../../../src/api/routes/device-routes.ts";
import type { DeviceEvent, DevicePage, DeviceRow } from "../../../src/api/shapes/device.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { gatewayDevices } from "../../../src/app/web/devices/gateway-devices.ts";
import { devicesTopic } from "../../../src/app/web/gateway-topics.ts";
import { commandedFreezer } from "../../support/commanded-freezer.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { freezerRules } from "../../support/memory-site.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { waitUntil } from "../../support/wait-until.ts";

test("a gateway shows its devices, one whole, and what it said last", async () => {
  const { facts, say } = await gatewayHere({ profile: commandedFreezer });
  const routes = deviceRoutes(gatewayDevices(facts));
  for (let at = 0; at < 3; at += 1) await say("acme/f1/state", `{"t":${-18 - at},"extra":1}`);
  await say("acme/f2/state", '{"t":"warm"}');
  const list = (await serveRoute(routes, "get /devices")) as { devices: DeviceRow[] };
  expect(list).toMatchObject({ total: 2, more: false });
  const [first] = list.devices;
  expect(first).toMatchObject({
    key: "plant-a.gw1.acme-f1",
    state: "ok",
    profile: "acme/fz-200@1",
    values: [{ name: "temperature", value: -20, unit: "Cel", quality: "good" }],
    alerts: { critical: 0, warning: 0, info: 0 },
    events: 3,
  });
  const params = { device: first?.key ?? "" };
  const page = (await serveRoute(routes, "get /devices/{device}", { params })) as DevicePage;
  expect(page).toMatchObject({ topic: "acme/f1/state", unread: [{ path: "extra", count: 3 }] });
  expect(page.commands).toMatchObject([
    {
      name: "set_setpoint",
      dangerous: true,
      params: [
        { name: "setpoint", kind: "number", unit: "Cel", min: -30, max: -10, step: 0.5 },
        { name: "mode", kind: "choice", choices: ["eco", "fast"], fallback: "eco" },
      ],
    },
    { name: "light", dangerous: false, params: [{ name: "on", kind: "boolean" }] },
  ]);
  const said = (await serveRoute(routes, "get /devices/{device}/events", {
    params,
    query: { limit: "2" },
  })) as { events: DeviceEvent[] };
  expect(said).toMatchObject({ more: true });
  expect(said.events.map(({ data }) => data)).toMatchObject([
    [{ name: "temperature", value: -20 }],
    [{ name: "temperature", value: -19 }],
  ]);
  const rejected = await serveRoute(routes, "get /devices/{device}/events", {
    params: { device: "plant-a.gw1.acme-f2" },
  });
  expect(rejected).toMatchObject({
    events: [{ kind: "rejection", raw: { topic: "acme/f2/state", text: '{"t":"warm"}' } }, {}],
  });
});

const noKeys = [
  "",
  "f1",
  "plant-a.gw1",
  "plant-a.gw1.acme-f1.x",
  "plant-a.gw1.=ZZ",
  "other.gw1.f1",
];

test("a key that is none of a device here finds nothing", async () => {
  const { facts, say } = await gatewayHere();
  await say("acme/f1/state", '{"t":-18}');
  const routes = deviceRoutes(gatewayDevices(facts));
  for (const device of [...noKeys, "..", "plant-a.gw1.="])
    for (const name of ["get /devices/{device}", "get /devices/{device}/events"])
      expect(await serveRoute(routes, name, { params: { device } })).toMatchObject({ status: 404 });
});

test("rows are found by filter, state, profile and whether somebody should look", async () => {
  const { facts, say } = await gatewayHere({
    configuration: "devices: [{ id: freezer-07, profile: acme/fz-200 }]",
  });
  await say("acme/f1/state", '{"t":-18}');
  await say("acme/f2/state", '{"t":"warm"}');
  const routes = deviceRoutes(gatewayDevices(facts));
  const names = async (query: Record<string, string>): Promise<string[]> => {
    const list = (await serveRoute(routes, "get /devices", { query })) as { devices: DeviceRow[] };
    return list.devices.map(({ device }) => device);
  };
  expect(await names({ filter: "F1" })).toEqual(["acme-f1"]);
  expect(await names({ filter: "acme-f?" })).toEqual(["acme-f1", "acme-f2"]);
  expect(await names({ state: "never" })).toEqual(["freezer-07"]);
  expect(await names({ attention: "true" })).toEqual(["acme-f2", "freezer-07"]);
  expect(await names({ after: "plant-a.gw1.acme-f1", limit: "1" })).toEqual(["acme-f2"]);
  expect(await names({ profile: "acme/*" })).toEqual(["acme-f1", "acme-f2", "freezer-07"]);
  expect(await serveRoute(routes, "get /devices", { query: { state: "odd" } })).toMatchObject({
    status: 400,
  });
});

test("devices that speak are told of, and nothing is kept once nobody looks", async () => {
  const { facts, say } = await gatewayHere({ rules: freezerRules });
  const topic = devicesTopic(facts, systemClock);
  await say("acme/f1/state", '{"t":-18}');
  const told = await waitUntil(() => topic.takeChanges(), "the device is told of");
  expect(JSON.parse(told)).toMatchObject({
    "plant-a.gw1.acme-f1": { device: "acme-f1", events: 1 },
  });
  expect(topic.takeChanges()).toBe(undefined);
  expect(JSON.parse(topic.all())).toHaveProperty("plant-a.gw1.acme-f1");
  topic.end();
  await say("acme/f1/state", '{"t":-19}');
  expect(topic.takeChanges()).toBe(undefined);
});
