#!/usr/bin/env node
/**
 * The command line: what can be typed, and nothing else (`*-words.ts`). Each command is loaded when
 * it is called, so that `--version` stays quick.
 */
import { Command, CommanderError } from "commander";
import { version } from "../app/version.ts";
import { GatewayError } from "../core/errors.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { printable } from "../core/printable.ts";
import { addAlertsWords } from "./alerts-words.ts";
import { addAuditWords } from "./audit-words.ts";
import { addBufferWords } from "./buffer-words.ts";
import { addCommandsWords } from "./commands-words.ts";
import { addConsoleWords } from "./console-words.ts";
import { addDevicesWords } from "./devices-words.ts";
import { addDlqWords } from "./dlq-words.ts";
import { addDoctorWords } from "./doctor-words.ts";
import { exitStatusOf } from "./exit-status.ts";
import { addHistoryWords } from "./history-words.ts";
import { addInitWords } from "./init-words.ts";
import { addLookWords } from "./look-words.ts";
import { addNotifyWords } from "./notify-words.ts";
import { addPastWords } from "./past-words.ts";
import { addPlanWords } from "./plan-words.ts";
import { addPortsWords } from "./ports-words.ts";
import { addProfileWords } from "./profile-words.ts";
import { addRulesWords } from "./rules-words.ts";
import { addRunWords } from "./run-words.ts";
import { surviveReaders } from "./survive-readers.ts";
import { addUsersWords } from "./users-words.ts";

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

addInitWords(program);
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

surviveReaders(process.argv[2]);
try {
  await program.parseAsync();
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
  return exitStatusOf(failure, process.argv[2]);
}
