/** The desk of devices where a gateway alone answers for its own. */
import type { DeviceDesk } from "../../../api/routes/device-routes.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { lastEventsOf } from "./device-events.ts";
import { devicePageOf } from "./device-page.ts";
import { findDevices } from "./find-devices.ts";
import { deviceAt, type GatewayDeviceRows, rowsOfGateway } from "./gateway-device-rows.ts";

export function gatewayDevices(facts: GatewayFacts): DeviceDesk {
  return {
    list: async (wish) => findDevices(rowsOf(rowsOfGateway(facts)), wish),
    async page(key) {
      const device = deviceAt(key, facts.origin);
      return device && devicePageOf(facts, device);
    },
    async events(key, limit, signal) {
      const device = deviceAt(key, facts.origin);
      if (device === undefined || rowsOfGateway(facts).of(device) === undefined) return undefined;
      return lastEventsOf(facts, device, limit, signal);
    },
  };
}

function* rowsOf(rows: GatewayDeviceRows) {
  for (const [, row] of rows) yield row;
}
