/** `sluicegate run <role...>`: the daemon. */

import { isRoleName, type RoleName, roleNames } from "../app/roles.ts";
import { startRoles } from "../app/run-roles.ts";
import { hearSignals } from "../app/signals.ts";
import { takeServiceRequest } from "../app/systemd-notify.ts";
import { GatewayError } from "../core/errors.ts";
import { type ListenAddress, parseListenAddress } from "../core/listen-address.ts";
import { suggest } from "../core/suggest.ts";
import { serverOf } from "./server-option.ts";
import { againOf, siteOf } from "./site.ts";

/** Runs until it is told to stop. */
export async function runRoles(
  names: readonly string[],
  options: { config: string; backbone?: string; console?: string; takeOver?: boolean },
): Promise<void> {
  const roles = names.map(roleOf);
  const { begin, told } = hearSignals();
  const servers =
    options.backbone === undefined ? undefined : [serverOf("--backbone", options.backbone)];
  const site = await siteOf(options.config);
  const running = await startRoles({
    site,
    again: await againOf(options.config),
    roles,
    servers: servers ?? site.config.backbone.servers,
    takeOver: options.takeOver ?? false,
    console: options.console === undefined ? undefined : addressOf(options.console),
    env: process.env,
    service: takeServiceRequest(process.env),
  });
  begin(() => void running.reload());
  await told;
  await running.stop();
}

function addressOf(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address) return address;
  throw new GatewayError("usage", `--console ${text}: write host:port, such as 127.0.0.1:8080`);
}

function roleOf(name: string): RoleName {
  if (isRoleName(name)) return name;
  const meant = suggest(name, roleNames);
  const hint = meant ? `did you mean ${meant}?` : `there are ${roleNames.join(", ")}`;
  throw new GatewayError("usage", `no role is named ${name}; ${hint}`);
}
