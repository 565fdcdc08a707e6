/** Commands of plans, held against the profiles of a site. */
import { knownCommands } from "../config/site/known-commands.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { checkParams } from "../normalize/commands/params.ts";
import type { Profile } from "../normalize/profile.ts";
import type { CommandOrder, Plan } from "../plans/plan.ts";
import type { BoundStep } from "../plans/plan-run.ts";
import type { PlanDevices } from "./plan-devices.ts";

/**
 * Holds the commands of a plan against the profiles of devices that the configuration names, and of
 * `found` ones, where these have the same version here; before anything is asked for. Of others their
 * gateway tells, and a command counts as dangerous where any profile of their family says so. Gives those
 * that are dangerous, in words.
 */
export function checkOrders(
  steps: readonly BoundStep[],
  { config, profiles }: LoadedSite,
  found: PlanDevices["known"] = [],
): readonly string[] {
  const here = new Set(Array.from(profiles.keys(), ({ id }) => id));
  const devices = [...config.devices, ...found.filter(({ profile }) => here.has(profile))];
  const commandsOf = knownCommands(devices, profiles.keys());
  const orders = steps.flatMap((step) =>
    step.kind === "wait" ? [] : [step.order, ...(step.compensate ? [step.compensate] : [])],
  );
  const dangerous: string[] = [];
  for (const { command, device, params } of orders) {
    const commands = commandsOf(device);
    if (!commands) {
      if (mayBeDangerous(device, command, profiles.keys()))
        dangerous.push(`${command} on ${device}`);
      continue;
    }
    const mapping = commands.find(({ name }) => name === command);
    if (!mapping) {
      const names = commands.map(({ name }) => name);
      const meant = suggest(command, names);
      const hint = meant ? `did you mean ${meant}?` : `it has ${names.join(", ") || "none"}`;
      throw new GatewayError("usage", `${device} has no command ${command}; ${hint}`);
    }
    const given = checkParams(mapping.params, params);
    if ("problem" in given)
      throw new GatewayError("usage", `${command} on ${device}: ${given.problem}`);
    if (mapping.danger) dangerous.push(`${command} on ${device}`);
  }
  return [...new Set(dangerous)];
}

/**
 * True where some run of a plan may need to be meant: a device that is named by a parameter may be any
 * that has such a command.
 */
export function mayNeedConfirming({ steps }: Plan, { config, profiles }: LoadedSite): boolean {
  const commandsOf = knownCommands(config.devices, profiles.keys());
  const isDangerous = ({ command, device }: CommandOrder): boolean =>
    (commandsOf(device) ?? [...profiles.keys()].flatMap(({ commands = [] }) => commands)).some(
      ({ danger, name }) => danger && name === command,
    );
  return steps.some(
    (step) =>
      step.kind === "command" &&
      (isDangerous(step.order) || (step.compensate !== undefined && isDangerous(step.compensate))),
  );
}

/** A discovered device is known to its gateway alone; its id begins with the family of its profile. */
function mayBeDangerous(device: string, command: string, profiles: Iterable<Profile>): boolean {
  for (const { commands = [], naming } of profiles)
    if (device.startsWith(`${naming.family}-`))
      if (commands.some(({ danger, name }) => danger && name === command)) return true;
  return false;
}
