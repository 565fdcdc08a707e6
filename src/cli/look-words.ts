/** What can be typed of commands that look at a site. */
import { Argument, type Command, Option } from "commander";
import { usualConfig } from "../config/site/usual-config.ts";
import { addExamples, addExamplesBelow } from "./examples.ts";
import {
  addrOption,
  configOption,
  contextOption,
  outputOption,
  socketOption,
} from "./shared-options.ts";

/** `validate`, `status`, `top`, `tap`. */
export function addLookWords(program: Command): void {
  program
    .command("validate")
    .description(
      "are the files right? reads configuration, profiles, rules and users; opens no connection",
    )
    .addArgument(
      new Argument("[path]", "configuration file").default(
        usualConfig(),
        "sluicegate.yaml here, else /etc/sluicegate/sluicegate.yaml",
      ),
    )
    .addOption(
      new Option("-o, --output <format>", "how faults are printed")
        .choices(["text", "json", "github"])
        .default("text"),
    )
    .option("--strict", "warnings count as faults")
    .option("--print-effective", "print the configuration with every default filled in")
    .action(async (path, { output, strict = false, printEffective = false }) => {
      const [{ runValidate }, { filesHere }] = await Promise.all([
        import("./validate.ts"),
        import("./site.ts"),
      ]);
      process.exitCode = await runValidate(
        { path, output, strict, printEffective },
        {
          stdout: (text) => process.stdout.write(text),
          stderr: (text) => process.stderr.write(text),
          files: filesHere(),
        },
      );
    });

  const status = program
    .command("status")
    .description("is it linked, what is waiting?")
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(contextOption)
    .addOption(addrOption)
    .addOption(
      new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"),
    )
    .addOption(
      new Option(
        "--wait <goal>",
        "wait until it is so far; exit 7 where it is not in time",
      ).choices(["linked", "drained"]),
    )
    .option("--timeout <duration>", "with --wait: how long; 5m if left out")
    .action(async (options) => (await import("./status.ts")).runStatus(options));
  addExamples(status, {
    "sluicegate status": "is it linked, what is waiting?",
    "sluicegate status --wait linked --timeout 2m": "go on when events flow, or after two minutes",
  });

  program
    .command("top")
    .description(
      "how is it now? link, buffer, rates, alerts and devices, on a living screen; elsewhere a line each second",
    )
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(contextOption)
    .addOption(addrOption)
    .option("--once", "print it once")
    .addOption(outputOption)
    .action(async (options) => (await import("./top.ts")).runTop(options));

  program
    .command("tap")
    .description(
      "what flows through here? received, normalized, late or rejected at the gateway, sent on the backbone",
    )
    .argument("[stage]", "received, normalized, late, rejected, sent", "normalized")
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(contextOption)
    .addOption(addrOption)
    .option("--nats <url>", "with sent: read the stream at this server")
    .option("--device <glob>", "only these devices, such as freezer-*")
    .option("--metric <glob>", "only measurements with such a metric")
    .option("--topic <filter>", "only messages of these MQTT topics; not with sent")
    .option("--watermarks", "with sent: show the gateway's marks of time, too")
    .option("--limit <n>", "stop after so many lines")
    .addOption(
      new Option("-o, --output <format>", "pretty or ndjson")
        .choices(["pretty", "ndjson"])
        .default("pretty"),
    )
    .action(async (stage, options) => (await import("./tap.ts")).runTap(stage, options));

  addExamplesBelow(program, {
    validate: {
      "sluicegate validate": "all faults of all files at once",
      "sluicegate validate /etc/sluicegate/sluicegate.yaml --strict": "warnings count as faults",
      "sluicegate validate -o github": "as annotations of a workflow",
    },
    top: {
      "sluicegate top": "a screen; q ends it",
      "sluicegate top --once -o json": "once, for programs",
    },
    tap: {
      'sluicegate tap --device "sim-freezer-*" --limit 2': "two readings of freezers",
      'sluicegate tap received --topic "sim/#" --limit 1 -o ndjson':
        "a message as it came, for programs",
    },
  });
}
