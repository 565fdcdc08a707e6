/** The flow of a gateway with no backbone in reach. */
import { expect, test } from "vitest";
import { flowEdge, flowNode } from "../../../src/api/shapes/flow.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { statusDesk } from "../../../src/app/web/status/status-desk.ts";
import { gatewayFlowRows } from "../../../src/app/web/system/gateway-flow.ts";
import { gatewayHere } from "../../support/gateway-here.ts";

test("a gateway alone shows its part of the flow, with what waits for the backbone", async () => {
  const { facts, say } = await gatewayHere();
  await say("acme/f1/state", '{"t":-18}');
  const site = "plant-a";
  const desk = statusDesk({
    ...{ clock: systemClock, version: "0", site, roles: ["gateway"], servers: [], gateway: facts },
  });
  const rows = gatewayFlowRows(desk.now());
  expect([...rows.keys()]).toEqual([
    "n:devices:gw1",
    "n:gateway:gw1",
    "n:stream:GW_gw1",
    "e:devices:gw1>gateway:gw1",
    "e:gateway:gw1>stream:GW_gw1",
  ]);
  for (const [key, row] of rows) (key.startsWith("n:") ? flowNode : flowEdge).parse(row);
  expect(rows.get("n:stream:GW_gw1")).toMatchObject({ state: "unknown", text: "out of reach" });
  expect(flowEdge.parse(rows.get("e:gateway:gw1>stream:GW_gw1")).backlog).toBeGreaterThan(0);
  expect(gatewayFlowRows({ ...desk.now(), gateway: null }).size).toBe(0);
});
