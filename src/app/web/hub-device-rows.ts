/** Devices of all gateways as rows, each made when it is asked for. */
import type { AlertRow } from "../../api/shapes/alert.ts";
import type { DeviceRow } from "../../api/shapes/device.ts";
import { parseDeviceKey } from "../../core/device-key.ts";
import type { GatewayId } from "../../core/ids.ts";
import type { AllGateways } from "./all-gateways.ts";
import { GatewayDeviceRows, noAlerts } from "./gateway-device-rows.ts";
import type { AlertsOfDevices } from "./hub-device-looks.ts";

/** As they are at the moment it is made. */
export class HubDeviceRows implements Iterable<readonly [key: string, row: DeviceRow]> {
  readonly #all: AllGateways;
  readonly #alerts: AlertsOfDevices;
  readonly #gateways = new Map<GatewayId, GatewayDeviceRows>();

  /** `alerts` are those that are not normal. */
  constructor(all: AllGateways, alerts: Iterable<readonly [string, AlertRow]>) {
    this.#all = all;
    this.#alerts = countAlerts(alerts);
  }

  get(key: string): DeviceRow | undefined {
    const place = parseDeviceKey(key);
    return place && this.#rowsOf(place.origin.gateway)?.get(key);
  }

  *[Symbol.iterator](): Iterator<readonly [string, DeviceRow]> {
    for (const { origin } of this.#all) yield* this.#rowsOf(origin.gateway) ?? [];
  }

  #rowsOf(gateway: GatewayId): GatewayDeviceRows | undefined {
    const known = this.#gateways.get(gateway);
    if (known) return known;
    const found = this.#all.get(gateway);
    if (!found) return undefined;
    const { devices, origin } = found;
    const rows = new GatewayDeviceRows(origin, devices, this.#alerts.get(gateway) ?? new Map());
    this.#gateways.set(gateway, rows);
    return rows;
  }
}

/** Those that fire, by gateway and device. */
export function countAlerts(alerts: Iterable<readonly [string, AlertRow]>): AlertsOfDevices {
  const counts = new Map<string, Map<string, Record<AlertRow["severity"], number>>>();
  for (const [, { device, gateway, isFiring, severity }] of alerts) {
    if (!isFiring || device === null || gateway === null) continue;
    const ofGateway = counts.get(gateway) ?? new Map<string, Record<typeof severity, number>>();
    const ofDevice = ofGateway.get(device) ?? { ...noAlerts };
    ofDevice[severity] += 1;
    counts.set(gateway, ofGateway.set(device, ofDevice));
  }
  return counts;
}
