import type { RoleName } from "../roles.ts";
import type { RolesHere } from "./roles-here.ts";

/** The roles that this machine is for: those that answer; where none does, a gateway. */
export function rolesOf({ names }: RolesHere): readonly RoleName[] {
  return names.length > 0 ? names : ["gateway"];
}
