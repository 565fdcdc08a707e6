/** What can be typed to learn about the program itself. */
import { Argument, type Command } from "commander";
import { addExamples } from "./examples.ts";
import { outputOption } from "./shared-options.ts";

/** `explain`, `help`, `completion`, `man`, `version`. */
export function addHelpWords(program: Command): void {
  addExamples(
    program
      .command("explain")
      .description("what a code means, why it happens, what to do next; needs no network")
      .argument("[code]", "as a message or a log line has it; without one all are listed")
      .addOption(outputOption)
      .action(async (code, options) => (await import("./explain.ts")).explainCode(code, options)),
    {
      "sluicegate explain stream.unauthorized": "why the backbone refuses the gateway",
      "sluicegate explain rule.unknown-metric": "what a fault of validate is about",
      "sluicegate explain": "all codes there are, one a line",
    },
  );

  addExamples(
    program
      .command("help")
      .description("the same as --help of a command; exit-codes lists what commands end with")
      .argument("[words...]", "a command, or exit-codes")
      .action(async (words) => (await import("./help.ts")).printHelp(program, words)),
    {
      "sluicegate help buffer verify": "what can be typed of buffer verify",
      "sluicegate help exit-codes": "what scripts can tell by the exit status",
    },
  );

  addExamples(
    program
      .command("completion")
      .description("a script that completes commands, flags and names of what runs here")
      .addArgument(new Argument("<shell>", "which").choices(["bash", "zsh", "fish", "pwsh"]))
      .action(async (shell) => (await import("./completion.ts")).printCompletion(shell)),
    {
      "sluicegate completion bash": "for bash: into /etc/bash_completion.d/sluicegate",
      "sluicegate completion zsh": "for zsh: into a folder of $fpath, as _sluicegate",
      "sluicegate completion fish": "for fish: into ~/.config/fish/completions/sluicegate.fish",
    },
  );

  program
    .command("complete", { hidden: true })
    .description("what fits behind the words that were typed, one a line")
    .argument("[words...]")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words) => (await import("./complete.ts")).printFitting(program, words));

  addExamples(
    program
      .command("version")
      .description("versions of the program, of node, and of what it reads and writes")
      .addOption(outputOption)
      .action(async (options) => (await import("./version.ts")).printVersions(options)),
    {
      "sluicegate version": "for a report",
      "sluicegate version -o json": "for an inventory",
    },
  );
}
