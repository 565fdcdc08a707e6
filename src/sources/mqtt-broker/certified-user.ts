import { isId, toDeviceId } from "../../core/ids.ts";
import type { User, Users } from "./users.ts";

/**
 * Who has a certificate with this common name: the user of that name, or where there is no users file
 * the device of that name, which may publish and subscribe to all that is not the broker's own.
 * Undefined where nobody is meant.
 */
export function userOfCertificate(name: string, users: Users | undefined): User | undefined {
  if (users) return users.get(name);
  if (!isId(name)) return undefined;
  return {
    name,
    passwordHash: undefined,
    device: toDeviceId(name),
    publish: ["#"],
    subscribe: ["#"],
  };
}
