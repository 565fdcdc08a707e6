/** What can be typed of `init`. */
import type { Command } from "commander";
import { addExamples } from "./examples.ts";

export function addInitWords(program: Command): void {
  const init = program
    .command("init")
    .description(
      "write a first configuration: asks, or takes flags; finds serial ports, a broker and a nats-server",
    )
    .argument("[path]", "the file to write; one that is there is never changed", "sluicegate.yaml")
    .option("--mqtt <url>", "fetch from this broker, such as mqtt://broker.local")
    .option("--serial <path...>", "read these ports")
    .option("--nats <url>", "the backbone, such as nats://hub:4222")
    .option("--site <name>", "where the devices are")
    .option("--id <name>", "the name of this machine, unique over all sites")
    .option("--yes", "ask nothing: what flags do not say is as it was found")
    .option("--dry-run", "print the file, and write nothing")
    .action(async (path, options) => {
      process.exitCode = await (await import("./init.ts")).runInit(path, options);
    });
  addExamples(init, {
    "sluicegate init first.yaml --id gw1 --site plant-a --yes": "write a file, and ask nothing",
    "sluicegate init --mqtt mqtt://broker.local --nats nats://hub:4222 --dry-run":
      "see what would be written",
  });
}
