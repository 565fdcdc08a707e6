/** How devices look, in short: what changes of a row while its device says nothing. */
import { deviceKey } from "../../../core/device-key.ts";
import type { Origin } from "../../../core/event.ts";
import type { DeviceId, GatewayId } from "../../../core/ids.ts";
import { devicesOf } from "../../../gateway/registry/device-rows.ts";
import { stateOf } from "../../../gateway/registry/device-state.ts";
import type { AlertsOfDevices } from "../alerts/alert-counts.ts";
import type { AllGateways } from "./all-gateways.ts";

interface GatewayLooks {
  readonly origin: Origin;
  readonly looks: Map<DeviceId, string>;
}

export class HubDeviceLooks {
  readonly #all: AllGateways;
  #gateways = new Map<GatewayId, GatewayLooks>();

  constructor(all: AllGateways) {
    this.#all = all;
  }

  /** The keys of devices that look otherwise than at the last look; of those that are gone, too. */
  look(alerts: AlertsOfDevices): readonly string[] {
    const changed: string[] = [];
    const before = this.#gateways;
    this.#gateways = new Map();
    for (const { devices, origin } of this.#all) {
      const running = devices.running();
      const ofGateway = alerts.get(origin.gateway);
      const known = before.get(origin.gateway)?.looks;
      const looks = new Map<DeviceId, string>();
      for (const [{ device, intervalMs }, entry] of devicesOf(devices)) {
        const firing = ofGateway?.get(device);
        const state = stateOf(entry, intervalMs, running);
        const look = firing ? `${state} ${Object.values(firing).join(" ")}` : state;
        if (known?.get(device) !== look) changed.push(deviceKey(origin, device));
        known?.delete(device);
        looks.set(device, look);
      }
      this.#gateways.set(origin.gateway, { origin, looks });
    }
    for (const { looks, origin } of before.values())
      for (const device of looks.keys())
        if (!this.#gateways.get(origin.gateway)?.looks.has(device))
          changed.push(deviceKey(origin, device));
    return changed;
  }
}
