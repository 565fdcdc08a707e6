/** In which order people look at devices. */
import type { DeviceRow } from "./device-row.ts";
import type { DeviceState } from "./device-state.ts";

type Compare = (one: DeviceRow, other: DeviceRow) => number;

/** The more somebody should look at it, the earlier it stands. */
const worst: readonly DeviceState[] = ["silent", "bad-quality", "clock-suspect", "never", "ok"];

const orders = {
  name: () => 0,
  /** Those to look at first; of them those with most that did not fit. */
  worst: (one, other) =>
    worst.indexOf(one.state) - worst.indexOf(other.state) || other.rejected - one.rejected,
  /** The fastest first. */
  rate: (one, other) => (one.everyMs ?? Infinity) - (other.everyMs ?? Infinity) || 0,
  /** The longest unheard first. */
  last: (one, other) => (one.lastMs ?? 0) - (other.lastMs ?? 0),
  rejected: (one, other) => other.rejected - one.rejected,
  repeats: (one, other) => other.repeats - one.repeats,
  events: (one, other) => other.events - one.events,
} satisfies Record<string, Compare>;

export type DeviceOrder = keyof typeof orders;

export const deviceOrders: readonly string[] = Object.keys(orders);

export function isDeviceOrder(text: string): text is DeviceOrder {
  return Object.hasOwn(orders, text);
}

/** Puts them in order, in place; those that are equal by name. */
export function orderDevices(rows: DeviceRow[], order: DeviceOrder): void {
  const compare: Compare = orders[order];
  rows.sort((one, other) => compare(one, other) || (one.device < other.device ? -1 : 1));
}
