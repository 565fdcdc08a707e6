import { profileName } from "../../core/device.ts";
import type { Profile } from "../../normalize/profile.ts";

type Commands = NonNullable<Profile["commands"]>;

/**
 * The commands of a device that the configuration names; undefined where it does not, since a device
 * that was discovered is known to its gateway alone.
 */
export function knownCommands(
  devices: readonly { readonly id: string; readonly profile: string }[],
  profiles: Iterable<Profile>,
): (device: string) => Commands | undefined {
  const byName = new Map(Array.from(profiles, (profile) => [profile.name, profile] as const));
  return (device) => {
    const entry = devices.find(({ id }) => id === device);
    const profile = entry && byName.get(profileName(entry.profile));
    if (!profile) return undefined;
    const { commands, commandsFrom = "" } = profile;
    return commands ?? byName.get(commandsFrom)?.commands ?? [];
  };
}
