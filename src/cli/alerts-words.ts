/** What can be typed of commands about alerts. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import {
  addrOption,
  configOption,
  contextOption,
  outputOption,
  socketOption,
} from "./shared-options.ts";

const natsOption = new Option("--nats <url>", "the backbone at this server");
const severityOption = (flags: string, description: string): Option =>
  new Option(flags, description).choices(["info", "warning", "critical"]);

/** `alerts`. */
export function addAlertsWords(program: Command): void {
  const alerts = program
    .command("alerts")
    .description("what fires, what somebody has to look at, and what people did about it");
  const word = (name: string, description: string): Command =>
    alerts
      .command(name)
      .description(description)
      .addOption(configOption)
      .addOption(socketOption)
      .addOption(natsOption)
      .addOption(outputOption);

  word("ls", "a line for each that asks for somebody, the most severe first")
    .option("--firing", "only those that fire")
    .option("--shelved", "those that are shelved")
    .option("--suppressed", "those that another one explains")
    .option("--out-of-service", "those that were taken out of service")
    .option("--all", "all of these")
    .addOption(severityOption("--severity <severity>", "only those that are at least so severe"))
    .option("--site <glob>", "only those of such sites")
    .addOption(contextOption)
    .addOption(addrOption)
    .option("--rule <glob>", "only those of such rules, such as 'cold/*' or FreezerWarm")
    .addOption(
      severityOption("--fail-on <severity>", "exit 1 where one shown is so severe or more"),
    )
    .action(async (options) => (await import("./alerts.ts")).listAlerts(options));
  word("show", "the whole story of one: what happened, who did what, when")
    .argument("<alert>", "its id or the beginning of it, or the name of its rule")
    .argument("[device]", "the device it is about; else its gateway or site")
    .option("--site <glob>", "only those of such sites")
    .option("--episodes <n>", "so many of its episodes, the latest", "1")
    .action(async (alert, device, options) =>
      (await import("./alerts.ts")).showAlert(alert, device, options),
    );
  word("watch", "each change and each action as it comes").action(async (options) =>
    (await import("./alerts-watch.ts")).watchAlerts(options),
  );
  word("stats", "five figures of how much the alerts ask of people")
    .option("--since <duration>", "how far back", "7d")
    .action(async (options) => (await import("./alerts-stats.ts")).showFigures(options));

  const act = (name: string, description: string): Command =>
    word(name, description)
      .argument("<alert>", "its id or the beginning of it, or the name of its rule")
      .argument("[device]", "the device it is about; else its gateway or site")
      .option("--site <glob>", "only those of such sites")
      .addOption(contextOption)
      .addOption(addrOption)
      .option("--all", "also where these are several")
      .option("--by <name>", "who; default: the user of this machine");
  const noted = (command: Command): Command =>
    command.option("--reason <text>", "why; it is stored");

  noted(act("ack", "seen: of this episode, as severe as it is now")).action(
    async (alert, device, options) =>
      (await import("./alerts-act.ts")).actOnAlerts("ack", alert, device, options),
  );
  act("shelve", "nobody is told of it for a while")
    .option("--for <duration>", "for so long; with --once as long as alerts.max_shelve allows")
    .option("--once", "at most until it is normal next")
    .requiredOption("--reason <text>", "why; it is stored")
    .action(async (alert, device, options) =>
      (await import("./alerts-act.ts")).actOnAlerts("shelve", alert, device, options),
    );
  noted(act("unshelve", "takes it from the shelf")).action(async (alert, device, options) =>
    (await import("./alerts-act.ts")).actOnAlerts("unshelve", alert, device, options),
  );
  noted(act("reset", "of one that is latched and normal again: somebody looked")).action(
    async (alert, device, options) =>
      (await import("./alerts-act.ts")).actOnAlerts("reset", alert, device, options),
  );
  noted(act("clear", "its episode is over; where it still is so, another one begins")).action(
    async (alert, device, options) =>
      (await import("./alerts-act.ts")).actOnAlerts("clear", alert, device, options),
  );
  act("out-of-service", "judged and stored, told to nobody, until it is taken back")
    .requiredOption("--reason <text>", "why; it is stored")
    .action(async (alert, device, options) =>
      (await import("./alerts-act.ts")).actOnAlerts("out-of-service", alert, device, options),
    );
  noted(act("in-service", "takes it back into service")).action(async (alert, device, options) =>
    (await import("./alerts-act.ts")).actOnAlerts("in-service", alert, device, options),
  );

  addExamplesBelow(alerts, {
    ls: {
      "sluicegate alerts ls": "what asks for somebody now",
      "sluicegate alerts ls --severity critical --fail-on critical -o json":
        "for a script: exit 1 where something critical fires",
    },
    show: {
      "sluicegate alerts show FreezerWarm sim-freezer-01": "what happened, and who did what",
      "sluicegate alerts show FreezerWarm sim-freezer-01 --episodes 5": "the last five times, too",
    },
    watch: {
      "sluicegate alerts watch": "until Ctrl-C",
      "sluicegate alerts watch -o json": "the same for programs, an object on each line",
    },
    stats: {
      "sluicegate alerts stats": "of the last seven days",
      "sluicegate alerts stats --since 30d -o json": "of a month, for a report",
    },
    ack: {
      'sluicegate alerts ack FreezerWarm sim-freezer-01 --reason "on my way"': "by rule and device",
      "sluicegate alerts ack FreezerWarm --all":
        "of all devices, after an outage that everybody knows of",
    },
    shelve: {
      "sluicegate alerts shelve FreezerWarm sim-freezer-01 --for 2h --reason defrost":
        "nobody is told of it for two hours",
      'sluicegate alerts shelve FreezerWarm sim-freezer-02 --once --reason "door is open for cleaning"':
        "until it is normal next",
    },
    unshelve: {
      "sluicegate alerts unshelve FreezerWarm sim-freezer-01": "by rule and device",
      'sluicegate alerts unshelve FreezerWarm sim-freezer-02 --reason "cleaned"':
        "with what is stored beside it",
    },
    reset: {
      "sluicegate alerts reset DoorForced sim-freezer-01":
        "of a latched alert that is normal again",
      'sluicegate alerts reset DoorForced sim-freezer-02 --reason "lock was repaired"':
        "with what is stored beside it",
    },
    clear: {
      "sluicegate alerts clear FreezerWarm sim-freezer-01": "it begins anew where it still is so",
      'sluicegate alerts clear FreezerWarm sim-freezer-02 --reason "probe was replaced"':
        "with what is stored beside it",
    },
    "out-of-service": {
      'sluicegate alerts out-of-service FreezerWarm sim-freezer-01 --reason "probe is broken"':
        "until it is taken back",
      "sluicegate alerts out-of-service FreezerWarm sim-freezer-02 --reason rebuilding --by ana":
        "in the name of somebody",
    },
    "in-service": {
      "sluicegate alerts in-service FreezerWarm sim-freezer-01": "people are told again",
      'sluicegate alerts in-service FreezerWarm sim-freezer-02 --reason "new probe"':
        "with what is stored beside it",
    },
  });
}
