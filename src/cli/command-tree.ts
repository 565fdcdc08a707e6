/** What stands in the tree of commands, for whoever describes it. */
import type { Command, Option } from "commander";
import { examplesOf } from "./examples.ts";

/** A command that can be called, or one that others stand below. */
export interface TreeEntry {
  /** `buffer show`; empty for the program itself. */
  readonly path: string;
  readonly command: Command;
}

/** The command and all below it, those above first. */
export function entriesOf(command: Command, path = ""): TreeEntry[] {
  const below = command.commands.flatMap((one) =>
    entriesOf(one, path === "" ? one.name() : `${path} ${one.name()}`),
  );
  return [{ path, command }, ...below];
}

/** True where it does something by itself. */
export function isCallable({ command }: TreeEntry): boolean {
  return (
    command.commands.length === 0 ||
    command.registeredArguments.length > 0 ||
    Object.keys(examplesOf(command)).length > 0
  );
}

/** The flags of a command that people see, with `--help`. */
export function flagsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}
