/**
 * All gateways with their devices: out of their streams, but for the one of this process, which knows its
 * devices better, and also while the backbone is away.
 */
import type { Origin } from "../../../core/event.ts";
import type { GatewayId } from "../../../core/ids.ts";
import type { DeviceSources } from "../../../gateway/registry/device-rows.ts";
import type { FleetFollower } from "../../../view/fleet/fleet-follower.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";

export interface GatewayDevices {
  readonly origin: Origin;
  readonly devices: DeviceSources;
}

export class AllGateways implements Iterable<GatewayDevices> {
  readonly #fleet: FleetFollower;
  readonly #here: () => GatewayFacts | undefined;

  constructor(fleet: FleetFollower, here: () => GatewayFacts | undefined) {
    this.#fleet = fleet;
    this.#here = here;
  }

  /** The one of this process. */
  get here(): GatewayFacts | undefined {
    return this.#here();
  }

  get(gateway: GatewayId): GatewayDevices | undefined {
    const { here } = this;
    if (here?.origin.gateway === gateway) return here;
    const view = this.#fleet.get(gateway)?.view;
    return view && { origin: view.origin, devices: view };
  }

  *[Symbol.iterator](): Iterator<GatewayDevices> {
    const { here } = this;
    if (here) yield here;
    for (const { view } of this.#fleet.gateways)
      if (view.origin.gateway !== here?.origin.gateway)
        yield { origin: view.origin, devices: view };
  }
}
