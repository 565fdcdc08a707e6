/** What can be typed of commands about what is carried on to other systems. */
import { type Command, Option } from "commander";
import { addExamples } from "./examples.ts";
import { configOption, dryRunOption, outputOption, yesOption } from "./shared-options.ts";

const natsOption = new Option("--nats <url>", "the backbone; default: as configured");

/** `bridge`. */
export function addBridgeWords(program: Command): void {
  const bridge = program
    .command("bridge")
    .description("what is carried on to other systems, and what is not");

  const what = (words: string, description: string): Command =>
    bridge
      .command(words)
      .description(description)
      .addOption(configOption)
      .addOption(natsOption)
      .addOption(outputOption);

  addExamples(
    what("ls", "how far each target is, and what it never got").action(async (options) =>
      (await import("./bridge.ts")).listTargets(options),
    ),
    {
      "sluicegate bridge ls -c bridge.yaml": "targets, and how far they are behind",
      "sluicegate bridge ls -c bridge.yaml -o json": "the same, for programs",
    },
  );
  addExamples(
    what("aside [target]", "what a target never got: refused, skipped, or gone before").action(
      async (target, options) => (await import("./bridge.ts")).listAside(target, options),
    ),
    {
      "sluicegate bridge aside -c bridge.yaml": "of all targets, the oldest first",
      "sluicegate bridge aside cloud -c bridge.yaml -o json": "of one target, for programs",
    },
  );
  addExamples(
    what("skip <target> <id>", "set aside an event that does not go, so that others can")
      .option("--reason <words>", "why, for who looks later", "skipped by hand")
      .addOption(yesOption)
      .addOption(dryRunOption)
      .action(async (target, id, options) =>
        (await import("./bridge.ts")).skipEvent(target, id, options),
      ),
    {
      "sluicegate bridge skip cloud gw1.k3x9a0bq.4711 --yes -c bridge.yaml":
        "the event that status names",
      "sluicegate bridge skip cloud gw1.k3x9a0bq.4711 --yes --reason 'ticket 12' -c bridge.yaml":
        "with words for who looks later",
    },
  );
}
