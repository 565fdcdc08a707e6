/** What can be typed of `doctor`. */
import { type Command, Option } from "commander";
import { addExamples } from "./examples.ts";
import { configOption } from "./shared-options.ts";

export function addDoctorWords(program: Command): void {
  const doctor = program
    .command("doctor")
    .description(
      "does this machine work? looks at clock, disk, backbone, buffer, inputs and receivers; changes nothing",
    )
    .addOption(configOption)
    .option("--list", "print the checks there are; nothing is looked at")
    .option("--only <checks>", "only these: ids, groups or patterns, such as nats.*,disk.space")
    .option("--skip <checks>", "not these")
    .option("--strict", "warnings count as errors")
    .option("--timeout <duration>", "no check takes longer", "5s")
    .addOption(
      new Option("-o, --output <format>", "how findings are printed")
        .choices(["text", "json", "nagios", "prometheus"])
        .default("text"),
    )
    .action(async (options) => {
      process.exitCode = await (await import("./doctor.ts")).runDoctor(options);
    });
  addExamples(doctor, {
    "sluicegate doctor --only disk.space,buffer --timeout 20s": "only some checks, with more time",
    "sluicegate doctor --list": "what is looked at",
    "sluicegate doctor --only node.version -o nagios":
      "one line and an exit status for a plugin of Nagios",
  });
}
