/** What can be typed of commands about history in a database. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { configOption, outputOption } from "./shared-options.ts";

const natsOption = new Option("--nats <url>", "the backbone; default: as configured");

/** `history`. */
export function addHistoryWords(program: Command): void {
  const history = program
    .command("history")
    .description("history in the database of the historian, and what is not in it");

  const what = (name: string, description: string): Command =>
    history
      .command(name)
      .description(description)
      .addOption(configOption)
      .addOption(natsOption)
      .addOption(outputOption);

  what("rebuild", "write everything again that the streams hold; a historian may run meanwhile")
    .option("--since <time>", "only what happened since then: 3d, or 2026-11-21T14:00:00Z")
    .action(async (options) => (await import("./history.ts")).rebuildHistory(options));
  what(
    "check",
    "count and add up each device's numbers of each day, in the streams and in the database",
  ).action(async (options) => (await import("./history.ts")).checkHistory(options));
  what("refused", "points that the database never takes, and why").action(async (options) =>
    (await import("./history.ts")).showRefused(options),
  );
  what("retry", "write the refused points again, once each; exit 1 when some are left").action(
    async (options) => (await import("./history.ts")).retryRefused(options),
  );

  addExamplesBelow(history, {
    rebuild: {
      "sluicegate history rebuild --since 3d": "of the last three days",
      "sluicegate history rebuild": "of all that the streams hold",
    },
    check: {
      "sluicegate history check": "exit 1 where something differs",
      "sluicegate history check -o json": "for programs",
    },
    refused: {
      "sluicegate history refused": "points, and why",
      "sluicegate history refused -o json": "for programs",
    },
    retry: {
      "sluicegate history retry": "exit 1 when some are left",
      "sluicegate history retry -o json": "for programs",
    },
  });
}
