import { join } from "node:path";
import { pathIn } from "./path-in.ts";

/** As much of a site as says where its processes answer. */
export interface SocketPlace {
  readonly folder: string;
  readonly config: {
    readonly gateway: { readonly data: string };
    readonly status: { readonly socket?: string | undefined };
  };
}

/** The role whose process answers on the socket that the configuration names. */
const main = "gateway";

/** Every socket that processes of a configuration may answer on, however they share the roles. */
export function statusSocketsOf(place: SocketPlace, roles: readonly string[]): string[] {
  const splits: string[][] = [];
  for (const role of roles) {
    if (role !== main) splits.push(...splits.map((others) => [...others, role]), [role]);
  }
  return [[main], ...splits].map((split) => statusSocketOf(place, split));
}

/**
 * Where a process with these roles answers `sluicegate status`. Processes of one configuration never
 * share a socket: one without the gateway has the names of its roles in it.
 */
export function statusSocketOf({ config, folder }: SocketPlace, roles: readonly string[]): string {
  const path = pathIn(folder, config.status.socket ?? join(config.gateway.data, "sluicegate.sock"));
  return roles.includes(main) ? path : `${path}.${roles.join("-")}`;
}
