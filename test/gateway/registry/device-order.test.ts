import { describe, expect, it } from "vitest";
import { toDeviceId } from "../../../src/core/ids.ts";
import {
  type DeviceOrder,
  deviceOrders,
  isDeviceOrder,
  orderDevices,
} from "../../../src/gateway/registry/device-order.ts";
import type { DeviceRow } from "../../../src/gateway/registry/device-row.ts";

function row(device: string, facts: Partial<DeviceRow>): DeviceRow {
  const counts = { events: 0, rejected: 0, repeats: 0 };
  return { device: toDeviceId(device), state: "ok", configured: false, ...counts, ...facts };
}

const rows = [
  row("d", { state: "never" }),
  row("c", { state: "silent", lastMs: 10, events: 9 }),
  row("b", { everyMs: 500, lastMs: 90, rejected: 2, events: 7 }),
  row("a", { everyMs: 900, lastMs: 80, repeats: 3, events: 7 }),
];

describe("devices in an order", () => {
  it.each([
    ["name", "abcd"],
    ["worst", "cdba"],
    ["rate", "bacd"],
    ["last", "dcab"],
    ["rejected", "bacd"],
    ["repeats", "abcd"],
    ["events", "cabd"],
  ] as const)("of %s are %s, those that are equal by name", (order: DeviceOrder, names) => {
    const ordered = [...rows];
    orderDevices(ordered, order);
    expect(ordered.map(({ device }) => device).join("")).toBe(names);
  });

  it("are in no other one", () => {
    expect(deviceOrders.every(isDeviceOrder)).toBe(true);
    expect(isDeviceOrder("constructor")).toBe(false);
  });
});
