/** What can be typed of gateways elsewhere. */
import type { Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { dryRunOption, outputOption, yesOption } from "./shared-options.ts";

/** `context`. */
export function addContextWords(program: Command): void {
  const context = program
    .command("context")
    .description("gateways elsewhere by name, asked over /api/v1 with a token");
  context
    .command("add")
    .description("one more; the token comes from the terminal or a pipe, and is tried")
    .argument("<name>", "what it is called here")
    .argument("<url>", "such as https://gw1.plant-a.example")
    .option("--ca <file>", "certificates of who signed the server's; default: those of the system")
    .action(async (name, url, options) =>
      (await import("./context.ts")).addContext(name, url, options),
    );
  context
    .command("ls")
    .description("all of them; a star before the one that is asked")
    .addOption(outputOption)
    .action(async (options) => (await import("./context.ts")).listContexts(options));
  context
    .command("use")
    .description("commands that can ask elsewhere ask this one from now on")
    .argument("<name>", "- for this machine again")
    .action(async (name) => (await import("./context.ts")).useContext(name));
  context
    .command("rm")
    .description("one less, with its token")
    .argument("<name>", "as it is called here")
    .addOption(yesOption)
    .addOption(dryRunOption)
    .action(async (name, options) => (await import("./context.ts")).removeContext(name, options));

  addExamplesBelow(context, {
    add: {
      "sluicegate context add plant-a https://gw1.plant-a.example < token.txt":
        "with a token of sluicegate tokens add",
      "sluicegate context add plant-b https://10.0.0.7:8443 --ca plant-ca.pem < token.txt":
        "whose certificate is of a CA of your own",
    },
    ls: {
      "sluicegate context ls": "names and addresses",
      "sluicegate context ls -o json": "for programs; no token",
    },
    use: {
      "sluicegate context use plant-a": "status, devices and alerts are those of plant-a",
      "sluicegate context use -": "this machine again",
    },
    rm: {
      "sluicegate context rm plant-a --yes": "with its token",
      "sluicegate context rm plant-a --dry-run": "what would be done",
    },
  });
}
