/** The commands by what people are about to do, as `--help` and the manual list them. */
import type { Command } from "commander";

/** By the names of groups, in the order in which one needs them. Every command that people see is in one. */
const groups: Readonly<Record<string, readonly string[]>> = {
  Start: ["demo", "init", "validate", "doctor", "up", "run", "reload", "drain"],
  Look: ["status", "top", "tap", "events", "trace", "state"],
  Devices: ["devices", "profile", "ports", "dlq", "sim"],
  "Tell devices": ["send", "commands", "plan"],
  Alerts: ["alerts", "rules", "notify"],
  "History and other systems": ["history", "bridge", "record", "replay"],
  "This box": ["config", "buffer", "audit", "support-bundle", "reset"],
  "People and programs": ["users", "console", "console-users", "tokens"],
  "Hub and many gateways": ["context", "fleet", "backbone", "nats-permissions"],
  Help: ["explain", "help", "completion", "version"],
};

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** Those of the program, in order; a command that is in no group is in none of these. */
export function commandGroups(program: Command): readonly CommandGroup[] {
  return Object.entries(groups).map(([title, names]) => ({
    title,
    commands: names.flatMap((name) => program.commands.filter((one) => one.name() === name)),
  }));
}

/** Has `--help` of the program list them so; called when all commands are there. */
export function showGroups(program: Command): void {
  const all = commandGroups(program);
  for (const { commands, title } of all)
    for (const command of commands) command.helpGroup(`${title}:`);
  program.configureHelp({
    visibleCommands: () => all.flatMap(({ commands }) => [...commands]),
    groupItems: (_, visible, groupOf) => groupedBy(visible, groupOf),
  });
}

/** Groups come in the order of their first member. */
function groupedBy<T>(items: readonly T[], groupOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) found.set(groupOf(item), [...(found.get(groupOf(item)) ?? []), item]);
  return found;
}
