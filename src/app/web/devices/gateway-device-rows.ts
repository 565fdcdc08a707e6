/** Devices of one gateway as rows, each made when it is asked for. */
import type { DeviceRow, DeviceValue } from "../../../api/shapes/device.ts";
import type { Severity } from "../../../core/alert.ts";
import { deviceKey, parseDeviceKey } from "../../../core/device-key.ts";
import type { Origin } from "../../../core/event.ts";
import type { DeviceId } from "../../../core/ids.ts";
import type { DeviceOutline } from "../../../gateway/device-outline.ts";
import type { DeviceEntry, LastValue } from "../../../gateway/registry/device-entry.ts";
import {
  type DeviceSources,
  deviceOf,
  devicesOf,
  rowOf,
} from "../../../gateway/registry/device-rows.ts";
import type { Running } from "../../../gateway/registry/device-state.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";

export type AlertCounts = Readonly<Record<Severity, number>>;

/** Values that fit into a row. */
const mostValues = 3;
export const noAlerts: AlertCounts = { critical: 0, warning: 0, info: 0 };

/** As they are at the moment it is made. */
export class GatewayDeviceRows implements Iterable<readonly [key: string, row: DeviceRow]> {
  readonly #origin: Origin;
  readonly #devices: DeviceSources;
  readonly #running: Running;
  readonly #alerts: ReadonlyMap<string, AlertCounts>;

  /** `alerts` by the name of the device. */
  constructor(origin: Origin, devices: DeviceSources, alerts: ReadonlyMap<string, AlertCounts>) {
    this.#origin = origin;
    this.#devices = devices;
    this.#running = devices.running();
    this.#alerts = alerts;
  }

  /** Undefined where this gateway has no such device. */
  get(key: string): DeviceRow | undefined {
    const device = deviceAt(key, this.#origin);
    return device === undefined ? undefined : this.of(device);
  }

  of(device: DeviceId): DeviceRow | undefined {
    const found = deviceOf(this.#devices, device);
    return found && this.#row(...found);
  }

  *[Symbol.iterator](): Iterator<readonly [string, DeviceRow]> {
    for (const found of devicesOf(this.#devices)) {
      const row = this.#row(...found);
      yield [row.key, row];
    }
  }

  #row(outline: DeviceOutline, entry: DeviceEntry | undefined): DeviceRow {
    const { gateway, site } = this.#origin;
    const known = rowOf(outline, entry, this.#running);
    const { changedMs, device, everyMs, family, intervalMs, lastMs, link, profile } = known;
    const { configured, events, rejected, repeats, state } = known;
    return {
      key: deviceKey(this.#origin, device),
      ...{ site, gateway, device, state, configured, events, rejected, repeats },
      profile: profile ?? null,
      family: family ?? null,
      intervalMs: intervalMs ?? null,
      everyMs: everyMs ?? null,
      lastMs: lastMs ?? null,
      changedMs: changedMs ?? null,
      link: link ?? null,
      values: valuesOf(entry, mostValues),
      alerts: this.#alerts.get(device) ?? noAlerts,
    };
  }
}

/** What a gateway knows of its devices itself. */
export function rowsOfGateway(facts: GatewayFacts): GatewayDeviceRows {
  return new GatewayDeviceRows(facts.origin, facts.devices, alertsByDevice(facts));
}

/** The device of a key, where it is one of this gateway. */
export function deviceAt(key: string, origin: Origin): DeviceId | undefined {
  const place = parseDeviceKey(key);
  const isHere = place?.origin.site === origin.site && place.origin.gateway === origin.gateway;
  return isHere ? place.device : undefined;
}

/** The first ones that it told, in that order. */
export function valuesOf(entry: DeviceEntry | undefined, most: number): DeviceValue[] {
  const values: DeviceValue[] = [];
  for (const [name, value] of entry?.values ?? []) {
    if (values.length === most) break;
    values.push(shownValue(name, value));
  }
  return values;
}

function shownValue(name: string, { quality, receivedMs, timeMs, unit, value }: LastValue) {
  return { name, value, unit: unit ?? null, quality, timeMs, receivedMs };
}

function alertsByDevice({ edgeRules }: GatewayFacts): ReadonlyMap<string, AlertCounts> {
  const counts = new Map<string, Record<Severity, number>>();
  for (const { labels, severity } of edgeRules.open()) {
    const { device } = labels;
    if (device === undefined) continue;
    const ofDevice = counts.get(device) ?? { ...noAlerts };
    ofDevice[severity] += 1;
    counts.set(device, ofDevice);
  }
  return counts;
}
