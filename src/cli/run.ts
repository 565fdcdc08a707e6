/** `sluicegate run <role...>`: the daemon. */
import { startRoles, untilSignal } from "../app/run-roles.ts";
import { type RoleName, roleNames } from "../app/status-socket.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/schema-faults.ts";
import { siteOf } from "./site.ts";

/** Runs until it is told to stop. */
export async function runRoles(
  names: readonly string[],
  options: { config: string; backbone?: string; takeOver?: boolean },
): Promise<void> {
  const roles = names.map(roleOf);
  const site = await siteOf(options.config);
  const running = await startRoles({
    site,
    roles,
    servers: options.backbone === undefined ? site.config.backbone.servers : [options.backbone],
    takeOver: options.takeOver ?? false,
    env: process.env,
  });
  await untilSignal();
  await running.stop();
}

function roleOf(name: string): RoleName {
  const role = roleNames.find((known) => known === name);
  if (role !== undefined) return role;
  const meant = suggest(name, roleNames);
  const hint = meant ? `did you mean ${meant}?` : `there are ${roleNames.join(", ")}`;
  throw new GatewayError("usage", `no role is named ${name}; ${hint}`);
}
