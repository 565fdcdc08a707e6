#!/usr/bin/env node
/** The command line: from what was typed to an exit status. */
import { CommanderError } from "commander";
import { GatewayError } from "../core/errors.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { printable } from "../core/printable.ts";
import { exitStatusOf } from "./exit-status.ts";
import { addHistoryWords } from "./history-words.ts";
import { addLookWords } from "./look-words.ts";
import { takeNoColor } from "./no-color.ts";
import { addNotifyWords } from "./notify-words.ts";
import { addPastWords } from "./past-words.ts";
import { addPlanWords } from "./plan-words.ts";
import { addPortsWords } from "./ports-words.ts";
import { addProfileWords } from "./profile-words.ts";
import { buildProgram } from "./program.ts";
import { addResetWords } from "./reset-words.ts";
import { addRulesWords } from "./rules-words.ts";
import { addRunWords } from "./run-words.ts";
import { surviveReaders } from "./survive-readers.ts";

const typed = takeNoColor(process.argv.slice(2), process.env);
surviveReaders(typed[0]);
const program = new Command("sluicegate")
  .description(
    "IoT edge event gateway: MQTT in, durable on disk, exactly once and in order into NATS JetStream",
  )
  .version(version)
  // A command and one below it may have options of one name.
  .enablePositionalOptions()
  .exitOverride()
  .showSuggestionAfterError()
  .showHelpAfterError("(add --help for what can be typed)");

addRunWords(program);
addLookWords(program);
addDoctorWords(program);
addDevicesWords(program);
addCommandsWords(program);
addAlertsWords(program);
addNotifyWords(program);
addProfileWords(program);
addRulesWords(program);
addPortsWords(program);
addDlqWords(program);
addHistoryWords(program);
addPastWords(program);
addPlanWords(program);
addConsoleWords(program);
addUsersWords(program);
addBufferWords(program);
addAuditWords(program);
addResetWords(program);

surviveReaders(process.argv[2]);
try {
  await buildProgram().parseAsync(typed, { from: "user" });
} catch (thrown) {
  process.exit(sayFailure(thrown));
}

/** Says what went wrong, once, and gives the exit status for it. */
function sayFailure(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const failure = GatewayError.from(thrown, "internal.bug", "sluicegate failed");
  process.stderr.write(
    `sluicegate: ${printable(maskAddress(failure.message))} (${failure.code})\n`,
  );
  if (failure.code === "internal.bug" && thrown instanceof Error)
    process.stderr.write(`${thrown.stack?.split("\n").map(printable).join("\n")}\n`);
  return exitStatusOf(failure, typed[0]);
}
