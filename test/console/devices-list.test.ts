import { expect, test } from "vitest";
import type { DeviceRow } from "../../src/api/shapes/device.ts";
import { filterOf, passes } from "../../src/console/screens/devices/device-filter.ts";
import { byAttention } from "../../src/console/screens/devices/device-order.ts";

const alerts = { critical: 0, warning: 0, info: 0 };

function device(name: string, facts: Partial<DeviceRow> = {}): DeviceRow {
  return {
    ...{ key: `plant.gw1.${name}`, site: "plant", gateway: "gw1", device: name, state: "ok" },
    ...{ profile: "acme/probe", family: null, configured: true, intervalMs: null, everyMs: null },
    ...{ lastMs: 1_000, changedMs: null, link: null, values: [], alerts },
    ...{ events: 1, rejected: 0, repeats: 0, ...facts },
  };
}

function named(parts: Record<string, string>, rows: readonly DeviceRow[]): string[] {
  const passing = passes(filterOf((name) => parts[name]));
  return rows.filter(passing).map((row) => row.device);
}

test("each word of the text must be somewhere in name, gateway, site or profile", () => {
  const rows = [device("freezer-7"), device("freezer-8", { gateway: "gw2" }), device("motor")];
  expect(named({ filter: "FREEZER gw2" }, rows)).toEqual(["freezer-8"]);
  expect(named({ filter: "  " }, rows)).toHaveLength(3);
  expect(named({ filter: "(.*" }, rows)).toEqual([]);
});

test("state, profile, alerts and dead letters each leave out what they are not", () => {
  const rows = [
    device("a", { state: "silent" }),
    device("b", { profile: null, rejected: 3 }),
    device("c", { alerts: { ...alerts, info: 1 } }),
  ];
  expect(named({ state: "silent" }, rows)).toEqual(["a"]);
  expect(named({ profile: "acme/probe" }, rows)).toEqual(["a", "c"]);
  expect(named({ alerts: "yes" }, rows)).toEqual(["c"]);
  expect(named({ rejected: "yes" }, rows)).toEqual(["b"]);
});

test("a state that there is not asks for nothing", () => {
  expect(named({ state: "<script>" }, [device("a")])).toEqual(["a"]);
});

test("needs attention puts alerts first, then states that need somebody, then names by their number", () => {
  const rows = [
    device("probe-10"),
    device("probe-2"),
    device("quiet", { state: "silent" }),
    device("hot", { alerts: { ...alerts, critical: 1 } }),
    device("warm", { alerts: { ...alerts, warning: 2 }, state: "silent" }),
    device("refused", { rejected: 1 }),
  ];
  const names = rows.sort(byAttention).map((row) => row.device);
  expect(names).toEqual(["hot", "warm", "quiet", "refused", "probe-2", "probe-10"]);
});
