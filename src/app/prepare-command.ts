/** A command, made ready by the profile of its device as it is now. */
import type { Preparation } from "../commands/prepared-command.ts";
import type { Command } from "../core/command.ts";
import type { DeviceId } from "../core/ids.ts";
import { suggest } from "../core/suggest.ts";
import type { Announcer } from "../gateway/announcer.ts";
import type { Catalog } from "../normalize/catalog.ts";
import type { CommandMapping } from "../normalize/commands/command-mapping.ts";
import { makeReady } from "../normalize/commands/ready-command.ts";
import type { KnownDevice } from "../normalize/known-device.ts";

export function prepareCommands(
  catalog: Catalog,
  announcer: Pick<Announcer, "discoveredAs">,
): (command: Pick<Command, "device" | "id" | "name" | "params">) => Preparation {
  return (command) => {
    const device = knownDevice(catalog, announcer, command.device);
    if (device === undefined) return { unknown: `no device ${command.device} is known here` };
    const mapping = commandOf(device, command.name);
    if (typeof mapping === "string") return { refused: mapping };
    const ready = makeReady(device, mapping, command);
    if ("problem" in ready) return { refused: `it cannot be sent: ${ready.problem}` };
    const { repeatable, timeoutMs, tries } = mapping;
    return { prepared: { ...ready, repeatable, timeoutMs, tries } };
  };
}

/** A device that was met before profiles were read anew is what its profile is now. */
export function knownDevice(
  catalog: Catalog,
  announcer: Pick<Announcer, "discoveredAs">,
  id: DeviceId,
): KnownDevice | undefined {
  const configured = catalog.configured(id);
  if (configured) return configured;
  const met = announcer.discoveredAs(id);
  return met && (catalog.discovered(id, met.profile.name) ?? met);
}

/** The command of this name; else why there is none, for people. */
export function commandOf(
  { profile }: Pick<KnownDevice, "profile">,
  name: string,
): CommandMapping | string {
  const { commands = [], id } = profile;
  const found = commands.find((one) => one.name === name);
  if (found !== undefined) return found;
  if (commands.length === 0) return `its profile ${id} has no commands`;
  const names = commands.map((one) => one.name);
  const meant = suggest(name, names);
  const advice = meant === undefined ? `it has ${names.join(", ")}` : `did you mean ${meant}?`;
  return `its profile ${id} has no command ${name}; ${advice}`;
}
