/** The roles there are, in the order of the flow: one line each. A role is loaded when it is opened. */
import type { LoadedSite } from "../config/site/load-site.ts";
import type { OpenRole } from "./role.ts";

export const roles = {
  gateway: async () => (await import("./open-gateway.ts")).openGateway,
  processor: async () => (await import("./open-processor.ts")).openProcessor,
  notifier: async () => (await import("./open-notifier.ts")).openNotifier,
  historian: async () => (await import("./open-historian.ts")).openHistorian,
  bridge: async () => (await import("./open-bridge.ts")).openBridge,
  console: async () => (await import("./open-console.ts")).openConsole,
} satisfies Record<string, () => Promise<OpenRole>>;

export type RoleName = keyof typeof roles;

/** In the order of the flow. */
export const roleNames: readonly RoleName[] = Object.keys(roles).filter(isRoleName);

/** Those that a site has something for: history is written, and streams are carried, where it says where. */
export function rolesOf({ config }: LoadedSite): readonly RoleName[] {
  const idle = new Set<RoleName>();
  if (config.historian === undefined) idle.add("historian");
  if (config.bridge.length === 0) idle.add("bridge");
  return roleNames.filter((name) => !idle.has(name));
}

export function isRoleName(name: string): name is RoleName {
  return Object.hasOwn(roles, name);
}
