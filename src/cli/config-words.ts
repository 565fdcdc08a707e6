/** What can be typed of commands about the configuration. */
import { Argument, type Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { configOption, outputOption, socketOption } from "./shared-options.ts";

/** `config`. */
export function addConfigWords(program: Command): void {
  const config = program
    .command("config")
    .description("what is configured: in force, about to change, and what could be");
  config
    .command("show")
    .description("every value with where it comes from, file and line or default; no secret")
    .argument("[prefix]", "only fields that begin so, such as buffer")
    .addOption(configOption)
    .addOption(outputOption)
    .action(async (prefix, options) =>
      (await import("./config-show.ts")).showConfig(prefix, options),
    );
  config
    .command("diff")
    .description(
      "what the file would change in the process that runs, and what needs a restart; exit 1 where something differs",
    )
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(outputOption)
    .action(async (options) => (await import("./config-diff.ts")).diffConfig(options));
  config
    .command("schema")
    .description(
      "a JSON Schema: for editors, of the configuration or another kind of file; or of what -o json prints",
    )
    .addArgument(
      new Argument("[file]", "which kind of file, or the name in schema, such as status/1").default(
        "sluicegate",
      ),
    )
    .action(async (file) => (await import("./config-schema.ts")).printSchema(file));

  addExamplesBelow(config, {
    show: {
      "sluicegate config show buffer": "what the buffer may use, and which of it is a default",
      "sluicegate config show -o json": "all of it, for programs",
    },
    diff: {
      "sluicegate config diff": "before sluicegate reload or a restart",
      "sluicegate config diff -o json": "for programs",
    },
    schema: {
      "sluicegate config schema > sluicegate.schema.json":
        "for an editor that checks while one types",
      "sluicegate config schema rules": "of rule files",
      "sluicegate config schema devices/1": "of what devices ls -o json prints",
    },
  });
}
