import type { SiteConfig } from "../schema.ts";

/** Where services of a system keep what outlives a restart, and where their configuration is. */
const systemState = "/var/lib/sluicegate";
const systemConfig = "/etc/";

/**
 * The configuration with its data folder: what is written, else `data` beside the file, else, for a
 * file below `/etc`, where nothing is written while the system runs, `/var/lib/sluicegate`. Commands
 * that an operator types find the folder of the service so, whatever their environment is.
 */
export function placeData(config: SiteConfig, written: unknown, folder: string): SiteConfig {
  if (!`${folder}/`.startsWith(systemConfig) || namesData(written)) return config;
  return { ...config, gateway: { ...config.gateway, data: systemState } };
}

function namesData(written: unknown): boolean {
  if (typeof written !== "object" || written === null || !("gateway" in written)) return false;
  const { gateway } = written;
  return typeof gateway === "object" && gateway !== null && "data" in gateway;
}
