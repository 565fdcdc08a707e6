import { valueAt } from "../../schema/schema-issue.ts";

/** Where services of a system keep what outlives a restart, and where their configuration is. */
const systemState = "/var/lib/sluicegate";
const systemConfig = "/etc/";

/**
 * The configuration with its data folder: what is written, else `data` beside the file, else, for a
 * file below `/etc`, where nothing is written while the system runs, `/var/lib/sluicegate`. Commands
 * that an operator types find the folder of the service so, whatever their environment is.
 */
export function placeData<C extends { readonly gateway: { readonly data: string } }>(
  config: C,
  written: unknown,
  folder: string,
): C {
  const isWritten = valueAt(written, ["gateway", "data"]) !== undefined;
  if (!`${folder}/`.startsWith(systemConfig) || isWritten) return config;
  return { ...config, gateway: { ...config.gateway, data: systemState } };
}
