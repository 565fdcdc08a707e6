/** What can stand where the cursor is. Shells ask this at every Tab, so it is quick or says nothing. */
import type { Command, Option } from "commander";
import { namesNow } from "./complete-names.ts";

/** Prints candidates for the last of the words that stand behind `sluicegate`, one a line. */
export async function printFitting(program: Command, words: readonly string[]): Promise<void> {
  const found = await fitting(program, words);
  const typed = words.at(-1) ?? "";
  const some = [...new Set(found)].filter((one) => one.startsWith(typed)).sort();
  // Whoever was asked and did not answer is not waited for.
  process.stdout.write(some.map((one) => `${one}\n`).join(""), () => process.exit(0));
}

async function fitting(program: Command, words: readonly string[]): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const { command, given, last, values } = walk(program, words.slice(0, -1));
  if (last !== undefined) return last.argChoices ?? namesNow(kindOfFlag(last), values);
  if (typed.startsWith("-")) return flagsOf(command);
  const argument =
    command.registeredArguments[Math.min(given.length, command.registeredArguments.length - 1)];
  const isLeft =
    argument !== undefined &&
    (given.length < command.registeredArguments.length || argument.variadic);
  const below = given.length === 0 ? command.commands : [];
  return [
    ...below.filter((one) => one.name() !== "complete").map((one) => one.name()),
    ...(isLeft
      ? (argument.argChoices ?? (await namesNow(argument.name(), { ...values, given })))
      : []),
  ];
}

interface Walked {
  readonly command: Command;
  /** Arguments that were typed of it. */
  readonly given: readonly string[];
  /** The flag whose value comes next. */
  readonly last: Option | undefined;
  readonly values: { config?: string; socket?: string };
}

/** Goes down the tree as far as the words say. */
function walk(program: Command, words: readonly string[]): Walked {
  let command = program;
  let given: string[] = [];
  let last: Option | undefined;
  const values: { config?: string; socket?: string } = {};
  for (const word of words) {
    if (last !== undefined) {
      if (last.long === "--config") values.config = word;
      if (last.long === "--socket") values.socket = word;
      last = undefined;
      continue;
    }
    if (word.startsWith("-")) {
      const option = command.options.find(({ long, short }) => long === word || short === word);
      if (option !== undefined && (option.required || option.optional)) last = option;
      continue;
    }
    const below =
      given.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (below === undefined) given.push(word);
    else [command, given] = [below, []];
  }
  return { command, given, last, values };
}

function flagsOf(command: Command): string[] {
  return [
    ...command.options.flatMap(({ hidden, long }) => (long && !hidden ? [long] : [])),
    "--help",
  ];
}

/** `--device <glob>` asks for a device. */
function kindOfFlag({ long = "" }: Option): string {
  return long.replace(/^--/, "");
}
