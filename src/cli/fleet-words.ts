/** What can be typed of `fleet`. */
import type { Command } from "commander";
import { addExamples } from "./examples.ts";
import { configOption } from "./shared-options.ts";

export function addFleetWords(program: Command): void {
  const fleet = program
    .command("fleet")
    .description("many gateways of one folder: a template, and what each has of its own");

  const validate = fleet
    .command("validate")
    .description("are all of them right? each fault with the line of the template or of fleet.yaml")
    .argument("[folder]", "the folder of fleet.yaml", ".")
    .action(async (folder) => {
      process.exitCode = await (await import("./fleet.ts")).runValidate(folder);
    });
  addExamples(validate, {
    "sluicegate fleet validate": "hold every gateway against options, profiles and rules",
    "sluicegate fleet validate fleet": "the same for a folder elsewhere",
  });

  const render = fleet
    .command("render")
    .description("print the configuration of one gateway, or write those of all into a folder")
    .argument("[id...]", "gateways; all if left out")
    .option("--folder <folder>", "the folder of fleet.yaml", ".")
    .option("--out <folder>", "write a folder for each there")
    .action(async (ids, options) => {
      process.exitCode = await (await import("./fleet.ts")).runRender(ids, options);
    });
  addExamples(render, {
    "sluicegate fleet render gw-001": "see what one of them gets",
    "sluicegate fleet render --out rendered": "a folder for each",
  });

  const bundle = fleet
    .command("bundle")
    .description("write a signed bundle for each gateway; nothing where one has faults")
    .argument("[id...]", "gateways; all if left out")
    .option("--folder <folder>", "the folder of fleet.yaml", ".")
    .requiredOption("--key <file>", "the private ed25519 key in PEM")
    .option("--out <folder>", "where to write them", "bundles")
    .action(async (ids, options) => {
      process.exitCode = await (await import("./fleet.ts")).runBundle(ids, options);
    });
  addExamples(bundle, {
    "sluicegate fleet bundle --key fleet.key": "a bundle for each of them",
    "sluicegate fleet bundle gw-001 --key fleet.key --out out": "one of them, somewhere else",
  });

  const apply = fleet
    .command("apply")
    .description("on a gateway: verify a bundle, validate it, put it in place, keep what was there")
    .argument("[bundle]", "the bundle; none with --rollback, to go back to what was kept")
    .addOption(configOption)
    .option(
      "--key <file>",
      "the public ed25519 key in PEM; default: fleet.pub beside the configuration",
    )
    .option("--id <gateway>", "whose machine this is, where no configuration says it yet")
    .option("--rollback", "an older version is meant")
    .option("--dry-run", "verify and validate, and change nothing")
    .option("--yes", "ask nothing")
    .action(async (path, options) => {
      process.exitCode = await (await import("./fleet.ts")).runApply(path, options);
    });
  addExamples(apply, {
    "sluicegate fleet apply bundles/gw-001-2.bundle --yes": "take a new version",
    "sluicegate fleet apply --rollback --yes": "go back to what was there before",
  });
}
