import type { SitePlace } from "../config/site/read-site-place.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { readStatus } from "../telemetry/status-client.ts";
import { serverOf } from "./server-option.ts";
import { socketOf } from "./site.ts";

export interface ServerOptions {
  readonly config: string;
  readonly socket?: string;
  readonly nats?: string;
}

/** As the command says, else where the gateway that runs here is connected, else as configured. */
export async function serversOf(
  { config }: SitePlace,
  options: ServerOptions,
): Promise<readonly string[]> {
  if (options.nats !== undefined) return [serverOf("--nats", options.nats)];
  const running = await serverOfRunning(options);
  return running === undefined ? config.backbone.servers : [running];
}

/** Where the running gateway is connected; undefined when it is not running or not connected. */
export async function serverOfRunning(options: ServerOptions): Promise<string | undefined> {
  try {
    return gatewayStatusOf(await readStatus(await socketOf(options)))?.link.server;
  } catch {
    return undefined;
  }
}
