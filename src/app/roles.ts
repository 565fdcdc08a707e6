/** The roles there are, in the order of the flow: one line each. A role is loaded when it is opened. */
import type { LoadedSite } from "../config/site/load-site.ts";
import type { OpenRole } from "./role.ts";

export const roles = {
  gateway: async () => (await import("./open-gateway.ts")).openGateway,
  processor: async () => (await import("./open-processor.ts")).openProcessor,
  notifier: async () => (await import("./open-notifier.ts")).openNotifier,
  historian: async () => (await import("./open-historian.ts")).openHistorian,
  console: async () => (await import("./open-console.ts")).openConsole,
} satisfies Record<string, () => Promise<OpenRole>>;

export type RoleName = keyof typeof roles;

/** In the order of the flow. */
export const roleNames: readonly RoleName[] = Object.keys(roles).filter(isRoleName);

/** Those that a site has something for: history is written where the configuration says where. */
export function rolesOf({ config }: LoadedSite): readonly RoleName[] {
  return roleNames.filter((name) => name !== "historian" || config.historian !== undefined);
}

export function isRoleName(name: string): name is RoleName {
  return Object.hasOwn(roles, name);
}
