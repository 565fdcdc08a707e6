/** How this process ends for something that was thrown. */
import type { GatewayError } from "../core/errors.ts";

/** Commands that work for others than who typed them; a service starts them again. */
const roleCommands: ReadonlySet<string | undefined> = new Set(["run", "up"]);

/** `command`: the first word of the command line. */
export function isRoleCommand(command: string | undefined): boolean {
  return roleCommands.has(command);
}

/** What the service of a box relies on for roles, what scripts rely on for all other commands. */
export function exitStatusOf(failure: GatewayError, command: string | undefined): number {
  return isRoleCommand(command) ? failure.exitStatus : failure.commandStatus;
}
