/** Where `top` reads the alerts of the hub: at the backbone of the gateway, or as configured. */

import { AlertDesk } from "../app/alert-desk.ts";
import { type LiveAlerts, openLiveAlerts } from "../app/live-alerts.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import type { AlertSource } from "./top-alerts.ts";

export class HubAlerts {
  readonly #place: SitePlace;
  #live: LiveAlerts | undefined;
  #named = "";

  constructor(place: SitePlace) {
    this.#place = place;
  }

  /** Those that are read; of the backbone that the gateway is linked to now, where it is another. */
  source(gateway: GatewayStatus | undefined): AlertSource | undefined {
    const servers = serversOf(this.#place, gateway);
    const named = servers.join(" ");
    const isOther = gateway?.link.server !== undefined && named !== this.#named;
    if (servers.length > 0 && (this.#live === undefined || isOther)) {
      void this.#live?.close();
      this.#named = named;
      this.#live = openLiveAlerts(this.#place, servers);
    }
    return this.#live;
  }

  async close(): Promise<void> {
    await this.#live?.close();
  }
}

/** All of them, read once; undefined where no backbone answers. */
export async function readHubAlerts(
  place: SitePlace,
  gateway: GatewayStatus | undefined,
): Promise<AlertSource | undefined> {
  const servers = serversOf(place, gateway);
  if (servers.length === 0) return undefined;
  const desk = new AlertDesk(place, servers);
  try {
    const { board } = await desk.read();
    return { isLive: true, views: (nowMs) => board.views(nowMs) };
  } catch {
    return undefined;
  } finally {
    await desk.close();
  }
}

function serversOf({ config }: SitePlace, gateway: GatewayStatus | undefined): readonly string[] {
  const server = gateway?.link.server;
  return server === undefined ? config.backbone.servers : [server];
}
