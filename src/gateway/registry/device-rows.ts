/** Devices as people ask for them: plain values. */
import { profileName } from "../../core/device.ts";
import { matchesGlob } from "../../core/glob.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Asked } from "../../core/question.ts";
import type { DeviceOutline } from "../device-outline.ts";
import type { DeviceEntry } from "./device-entry.ts";
import { deviceOrders, isDeviceOrder, orderDevices } from "./device-order.ts";
import type { DeviceRegistry } from "./device-registry.ts";
import type { DeviceRow } from "./device-row.ts";
import { type DeviceState, deviceStates, type Running, stateOf } from "./device-state.ts";

export interface DeviceSources {
  readonly registry: DeviceRegistry;
  readonly announcer: {
    known(): Iterable<DeviceOutline>;
    knows(device: DeviceId): boolean;
  };
  /** Of one that was announced. */
  readonly announced: (device: DeviceId) => DeviceOutline | undefined;
  readonly running: () => Running;
  /** Of one that was not announced since the start. */
  readonly outlineOf: (entry: DeviceEntry) => DeviceOutline;
}

/** So many devices are in each state; those without any are left out. */
export type StateCounts = Readonly<Partial<Record<DeviceState, number>>>;

const mostRows = 10_000;
const usualRows = 1_000;

export function countStates(sources: DeviceSources): StateCounts {
  const running = sources.running();
  const counts: Partial<Record<DeviceState, number>> = {};
  for (const [outline, entry] of devicesOf(sources)) {
    const state = stateOf(entry, outline.intervalMs, running);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return Object.fromEntries(
    deviceStates.flatMap((state) => (counts[state] === undefined ? [] : [[state, counts[state]]])),
  );
}

/**
 * `{devices, total, more}`: those that are asked for by `state`, `profile` (a pattern, with or without a
 * version), `family`, `name` (a pattern), `search` (what somebody typed), by name or in the `order`; at
 * most `limit`, and where they are by name behind the device `after`. `{problem}` where that cannot be
 * asked.
 */
export function listDevices(sources: DeviceSources, asked: Asked): object {
  const { after = "", family, name, order = "name", profile, search = "", state } = asked;
  if (state !== undefined && !deviceStates.some((one) => one === state))
    return { problem: `there is no state ${state}; there are ${deviceStates.join(", ")}` };
  if (!isDeviceOrder(order))
    return { problem: `there is no order ${order}; there are ${deviceOrders.join(", ")}` };
  const limit = Math.min(mostRows, Math.max(1, Number(asked["limit"] ?? usualRows) || usualRows));
  const running = sources.running();
  const wanted = search.toLowerCase();
  const found: DeviceRow[] = [];
  for (const [outline, entry] of devicesOf(sources)) {
    if (name !== undefined && !matchesGlob(name, outline.device)) continue;
    if (family !== undefined && outline.family !== family) continue;
    const row = rowOf(outline, entry, running);
    if (profile !== undefined && !isOf(profile, row.profile ?? "")) continue;
    if (state !== undefined && row.state !== state) continue;
    if (wanted !== "" && !isFound(row, wanted)) continue;
    found.push(row);
  }
  orderDevices(found, order);
  const behind = after === "" ? found : found.filter(({ device }) => device > after);
  return { devices: behind.slice(0, limit), total: found.length, more: behind.length > limit };
}

export function rowOf(
  { device, family, intervalMs, isConfigured, profile }: DeviceOutline,
  entry: DeviceEntry | undefined,
  running: Running,
): DeviceRow {
  return {
    device,
    state: stateOf(entry, intervalMs, running),
    family,
    profile: profile || entry?.profile,
    configured: isConfigured,
    intervalMs,
    everyMs: entry?.spacingMs === undefined ? undefined : Math.round(entry.spacingMs),
    firstMs: entry?.firstMs,
    lastMs: entry?.lifeMs,
    changedMs: entry?.changedMs,
    events: entry?.events ?? 0,
    rejected: entry?.rejected ?? 0,
    repeats: entry?.repeats ?? 0,
    link: entry?.link?.state,
  };
}

/** Those that were announced, then those that are known from what they said only. */
export function* devicesOf({
  announcer,
  outlineOf,
  registry,
}: Pick<DeviceSources, "announcer" | "outlineOf" | "registry">): Iterable<
  readonly [DeviceOutline, DeviceEntry | undefined]
> {
  for (const outline of announcer.known()) yield [outline, registry.get(outline.device)];
  for (const entry of registry.all())
    if (!announcer.knows(entry.device)) yield [outlineOf(entry), entry];
}

/** One of them, in short and as it is remembered; undefined where nobody is called so. */
export function deviceOf(
  { announced, outlineOf, registry }: Pick<DeviceSources, "announced" | "outlineOf" | "registry">,
  device: DeviceId,
): readonly [DeviceOutline, DeviceEntry | undefined] | undefined {
  const entry = registry.get(device);
  const outline = announced(device) ?? (entry && outlineOf(entry));
  return outline && [outline, entry];
}

/** Part of what people see of it, in whatever case. */
function isFound({ device, profile = "", state }: DeviceRow, wanted: string): boolean {
  return [device, profile, state].some((text) => text.toLowerCase().includes(wanted));
}

function isOf(pattern: string, profile: string): boolean {
  return matchesGlob(pattern, profile) || matchesGlob(pattern, profileName(profile));
}
