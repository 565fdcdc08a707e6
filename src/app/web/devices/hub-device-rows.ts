/** Devices of all gateways as rows, each made when it is asked for. */
import type { DeviceRow } from "../../../api/shapes/device.ts";
import { parseDeviceKey } from "../../../core/device-key.ts";
import type { GatewayId } from "../../../core/ids.ts";
import type { AlertsOfDevices } from "../alerts/alert-counts.ts";
import type { AllGateways } from "./all-gateways.ts";
import { GatewayDeviceRows } from "./gateway-device-rows.ts";

/** As they are at the moment it is made. */
export class HubDeviceRows implements Iterable<readonly [key: string, row: DeviceRow]> {
  readonly #all: AllGateways;
  readonly #alerts: AlertsOfDevices;
  readonly #gateways = new Map<GatewayId, GatewayDeviceRows>();

  constructor(all: AllGateways, alerts: AlertsOfDevices) {
    this.#all = all;
    this.#alerts = alerts;
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
