/** Examples of commands: stated where a command is, printed by `--help` and in man pages, run by a test. */
import type { Command } from "commander";

/** What is typed, with `sluicegate` in front, and what it is for. */
export type Examples = Readonly<Record<string, string>>;

const known = new WeakMap<Command, Examples>();

/**
 * States examples of a command, two or more: whole command lines that can be copied, each with what
 * it is for, in a few words in lower case. `test/cli/examples.test.ts` holds each against the flags that
 * there are, `npm run test:examples` runs it where a small site runs.
 */
export function addExamples(command: Command, examples: Examples): Command {
  known.set(command, examples);
  const lines = Object.entries(examples).map(([line, does]) => `  # ${does}\n  ${line}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** The same for commands that stand below another one, by their names. */
export function addExamplesBelow(above: Command, all: Readonly<Record<string, Examples>>): void {
  for (const [name, examples] of Object.entries(all)) {
    const command = above.commands.find((one) => one.name() === name);
    if (command === undefined) throw new Error(`there is no command ${name} to give examples of`);
    addExamples(command, examples);
  }
}

/** Those of a command; none where it states none. */
export function examplesOf(command: Command): Examples {
  return known.get(command) ?? {};
}
