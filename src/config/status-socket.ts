import { join } from "node:path";
import { pathIn } from "./path-in.ts";

/** The roles, in the order of the flow. */
export const roleNames = ["gateway", "processor", "notifier"] as const;
export type RoleName = (typeof roleNames)[number];

/** As much of a site as says where its processes answer. */
export interface SocketPlace {
  readonly folder: string;
  readonly config: {
    readonly gateway: { readonly data: string };
    readonly status: { readonly socket?: string | undefined };
  };
}

/** The roles that processes of their own may have, in every way they can be shared. */
export const roleSplits: readonly (readonly RoleName[])[] = [
  ["gateway"],
  ["processor"],
  ["notifier"],
  ["processor", "notifier"],
];

/**
 * Where a process with these roles answers `sluicegate status`. Processes of one configuration never
 * share a socket: one without the gateway has the names of its roles in it.
 */
export function statusSocketOf(
  { config, folder }: SocketPlace,
  roles: readonly RoleName[],
): string {
  const path = pathIn(folder, config.status.socket ?? join(config.gateway.data, "sluicegate.sock"));
  return roles.includes("gateway") ? path : `${path}.${roles.join("-")}`;
}
