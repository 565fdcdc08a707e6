/** `sluicegate status`: is it linked, what is waiting, what fires? */

import { roleNames } from "../app/roles.ts";
import { statusSocketsOf } from "../config/status-socket.ts";
import { printable } from "../core/printable.ts";
import { readRolesStatus } from "../telemetry/read-roles-status.ts";
import { placeOf } from "./site.ts";
import { describeRoles, type RolesStatus } from "./status-text.ts";

export interface StatusOptions {
  readonly config: string;
  readonly socket?: string;
  readonly output: "text" | "json";
}

/** Prints how the running roles are, whatever processes they are in; exit 3 when none answers. */
export async function runStatus(options: StatusOptions): Promise<void> {
  const status = await ask(options);
  if (options.output === "json") {
    const report = { schema: "sluicegate.status/1", ...status };
    process.stdout.write(`${printable(JSON.stringify(report))}\n`);
  } else process.stdout.write(describeRoles(status, Date.now()));
}

/** The answers are our own, so their names vouch for their shape. */
async function ask({ config, socket }: StatusOptions): Promise<RolesStatus> {
  if (socket !== undefined) return readRolesStatus([socket]);
  const place = await placeOf(config);
  return readRolesStatus(statusSocketsOf(place, roleNames));
}
