import type { LoadedSite } from "../config/site/load-site.ts";
import { namesServers } from "../config/site/names-servers.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { readStatus } from "../telemetry/status-client.ts";
import { serverOf } from "./server-option.ts";
import { socketOf } from "./site.ts";

/** As the command or the configuration says, else where the gateway that runs here is connected. */
export async function backboneServersOf(
  site: LoadedSite,
  options: { readonly config: string; readonly nats?: string },
): Promise<readonly string[]> {
  if (options.nats !== undefined) return [serverOf("--nats", options.nats)];
  if (namesServers(site)) return site.config.backbone.servers;
  try {
    const running = gatewayStatusOf(await readStatus(await socketOf(options)))?.link.server;
    if (running !== undefined) return [running];
  } catch {
    // None runs here.
  }
  return site.config.backbone.servers;
}
