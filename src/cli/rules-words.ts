/** What can be typed of commands about rules. */
import { type Command, Option } from "commander";
import { configOption } from "./shared-options.ts";

/** `rules`. */
export function addRulesWords(program: Command): void {
  const rules = program
    .command("rules")
    .description("alert rules: listed, tested, tried on what happened, explained");

  rules
    .command("test")
    .description("run tests of rules; exit 1 when one does not hold")
    .argument("[files...]", "such as rules/tests/*.yaml, which is the default")
    .addOption(configOption)
    .addOption(
      new Option("-o, --output <format>", "text, json or junit")
        .choices(["text", "json", "junit"])
        .default("text"),
    )
    .action(async (files, options) => (await import("./rules-test.ts")).testRules(files, options));
}
