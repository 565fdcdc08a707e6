/** What can be typed of commands about plans. */
import type { Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { configOption, dryRunOption, outputOption } from "./shared-options.ts";

/** `plan`. */
export function addPlanWords(program: Command): void {
  const plan = program
    .command("plan")
    .description("several commands in an order, and what takes each back");

  const about = (name: string, description: string): Command =>
    plan
      .command(name)
      .description(description)
      .option("--nats <url>", "this server in place of backbone.servers")
      .addOption(configOption)
      .addOption(outputOption);

  about("run", "asks for a run of a plan; the processor does it")
    .argument("<plan>", "its name, or a file with one plan")
    .argument("[parameters...]", "such as line=north")
    .option("--dry-run", "show the steps, and do nothing")
    .option("--wait", "show what becomes of it; exit 1 where it is not done")
    .option("--yes", "also where a command in it is dangerous")
    .option("--site <site>", "whose devices; default: site of the configuration")
    .option("--reason <text>", "why; it is stored with the run")
    .action(async (name, parameters, options) =>
      (await import("./plan-run.ts")).runPlan(name, parameters, options),
    );

  about("ls", "runs: those that are open, and the last 20 that ended")
    .option("--all", "all that are kept")
    .action(async (options) => (await import("./plan.ts")).listRuns(options));
  about("show", "one run: its steps, their states and times")
    .argument("<run>")
    .action(async (run, options) => (await import("./plan.ts")).showRun(run, options));
  about("cancel", "nothing further is done, and what was done is taken back")
    .argument("<run>")
    .option("--reason <text>", "why; it is stored with the run")
    .addOption(dryRunOption)
    .action(async (run, options) => (await import("./plan.ts")).cancelPlan(run, options));
  about("settle", "a person saw to a run that was stuck; its alert ends")
    .argument("<run>")
    .requiredOption("--reason <text>", "what was done; it is stored with the run")
    .addOption(dryRunOption)
    .action(async (run, options) => (await import("./plan.ts")).settlePlan(run, options));

  addExamplesBelow(plan, {
    run: {
      "sluicegate plan run cool_down device=sim-freezer-01 --dry-run":
        "the steps, and which are dangerous",
      'sluicegate plan run cool_down device=sim-freezer-01 --wait --reason "new goods"':
        "until it is done",
    },
    ls: {
      "sluicegate plan ls": "open runs, and the last that ended",
      "sluicegate plan ls --all -o json": "all that are kept",
    },
    show: {
      "sluicegate plan show cool_down-1": "steps, states and times",
      "sluicegate plan show cool_down-1 -o json": "for programs",
    },
    cancel: {
      'sluicegate plan cancel cool_down-1 --reason "wrong freezer"': "what was done is taken back",
      "sluicegate plan cancel cool_down-1 -o json": "for programs",
    },
    settle: {
      'sluicegate plan settle cool_down-1 --reason "set by hand"': "its alert ends",
      'sluicegate plan settle cool_down-1 --reason "set by hand" -o json': "for programs",
    },
  });
}
