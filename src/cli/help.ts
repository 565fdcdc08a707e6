/** `sluicegate help [command...|exit-codes]`. */
import type { Command } from "commander";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { exitCodesText } from "./exit-codes-text.ts";

const topic = "exit-codes";

/** Prints the help of a command, or of a topic. */
export function printHelp(program: Command, words: readonly string[]): void {
  if (words[0] === topic) return void process.stdout.write(exitCodesText);
  let command = program;
  for (const word of words) {
    const names = command.commands.map((one) => one.name());
    const below = command.commands.find((one) => one.name() === word);
    if (below === undefined) {
      const meant = suggest(word, [...names, ...(command === program ? [topic] : [])]);
      const advice = meant ? `did you mean ${meant}?` : "sluicegate --help lists commands";
      throw new GatewayError("usage", `there is no command ${words.join(" ")}; ${advice}`);
    }
    command = below;
  }
  command.outputHelp();
}
