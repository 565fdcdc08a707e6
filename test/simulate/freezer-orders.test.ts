import { expect, test } from "vitest";
import { obeyOrder } from "../../src/simulate/freezer-orders.ts";

test("a freezer does what it can, says why where it cannot, and does not answer what is no order", () => {
  const state = { setPoint: -18.1, light: false };
  const told = (order: unknown, doorOpen = false): unknown =>
    JSON.parse(obeyOrder(JSON.stringify(order), state, doorOpen) ?? "null");
  expect(told({ id: "a", set_point: -20.5 })).toEqual({ id: "a", ok: true });
  expect(told({ id: "b", light: true })).toEqual({ id: "b", ok: true });
  expect(told({ id: "c", set_point: 4 })).toMatchObject({ id: "c", ok: false });
  expect(told({ id: "d", defrost: true }, true)).toEqual({
    ...{ id: "d", ok: false, error: "the door is open" },
  });
  expect(told({ id: "e", dance: true })).toMatchObject({ ok: false });
  expect(state).toEqual({ setPoint: -20.5, light: true });
  expect(told({ set_point: -20 })).toBeNull();
  expect(obeyOrder("no JSON", state, false)).toBeUndefined();
});
