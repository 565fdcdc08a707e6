/** What can be typed of commands about rules. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { configOption, outputOption, socketOption } from "./shared-options.ts";

/** `rules`. */
export function addRulesWords(program: Command): void {
  const rules = program
    .command("rules")
    .description("alert rules: listed, tested, tried on what happened, explained");

  rules
    .command("ls")
    .description("the rules of the site, and how many alerts each watches for")
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(outputOption)
    .action(async (options) => (await import("./rules-list.ts")).listRules(options));

  rules
    .command("validate")
    .description("what validate says, of rules only")
    .option("--strict", "warnings count as faults")
    .addOption(configOption)
    .addOption(
      new Option("-o, --output <format>", "text, json or github")
        .choices(["text", "json", "github"])
        .default("text"),
    )
    .action(async (options) => (await import("./rules-validate.ts")).validateRules(options));

  rules
    .command("explain")
    .description("why an alert of a device fires, or why it does not")
    .argument("<alert>", "its name, or group/name")
    .argument("<device>", "or the gateway, or the site, that the alert is about")
    .option(
      "--at <time>",
      "how it was then, heard again from the streams: 2h, or 2026-11-21T14:00:00Z",
    )
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(outputOption)
    .option("--nats <url>", "the backbone; default: as configured")
    .action(async (alert, device, options) =>
      (await import("./rules-explain.ts")).explainRule(alert, device, options),
    );

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

  rules
    .command("backtest")
    .description("what rules make of what was recorded; tells nobody and stores nothing")
    .argument("[files...]", "rule files; without any the rules of the configuration")
    .option("--from-stream", "what the streams of all gateways hold")
    .option("--from-file <path>", "a recording: an event as JSON in each line")
    .option("--from-influx", "what the historian wrote into InfluxDB, in the order of its times")
    .option("--since <time>", "only what was received since: 7d, or 2026-11-21T14:00:00Z")
    .option("--until <time>", "only what was received until then")
    .option("--against <file>", "compare with the rules of this file, episode by episode")
    .option("--sweep <field=from..to:step>", "try one number: MotorHot.levels[0].above=70..95:5")
    .addOption(
      new Option("--by <what>", "rule or device").choices(["rule", "device"]).default("rule"),
    )
    .addOption(configOption)
    .addOption(outputOption)
    .option("--nats <url>", "the backbone; default: as configured")
    .action(async (files, options) =>
      (await import("./rules-backtest.ts")).backtestRules(files, options),
    );

  addExamplesBelow(rules, {
    ls: {
      "sluicegate rules ls": "also those that come with the program",
      "sluicegate rules ls -o json": "for programs",
    },
    validate: {
      "sluicegate rules validate": "exit 1 where one is wrong",
      "sluicegate rules validate --strict -o json": "for programs; warnings count",
    },
    explain: {
      "sluicegate rules explain FreezerWarm sim-freezer-01":
        "value and limit, timers with what is left",
      "sluicegate rules explain FreezerWarm sim-freezer-01 --at 1m -o json":
        "as it was a minute ago",
    },
    test: {
      "sluicegate rules test": "rules/tests/*.yaml",
      "sluicegate rules test -o junit": "for a build server",
    },
    backtest: {
      "sluicegate rules backtest --from-stream --since 7d": "what they would have told",
      'sluicegate rules backtest rules/cold-chain.yaml --from-file week.ndjson --sweep "FreezerWarm.for=5m..30m:5m"':
        "one number tried",
    },
  });
}
