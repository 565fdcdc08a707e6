/** The tree of all commands, as it is typed, completed and described. */
import { Command } from "commander";
import { version } from "../app/version.ts";
import { addAlertsWords } from "./alerts-words.ts";
import { addAuditWords } from "./audit-words.ts";
import { addBackboneWords } from "./backbone-words.ts";
import { addBackupWords } from "./backup-words.ts";
import { addBridgeWords } from "./bridge-words.ts";
import { addBufferWords } from "./buffer-words.ts";
import { showGroups } from "./command-groups.ts";
import { addCommandsWords } from "./commands-words.ts";
import { addConfigWords } from "./config-words.ts";
import { addConsoleWords } from "./console-words.ts";
import { addContextWords } from "./context-words.ts";
import { addDevicesWords } from "./devices-words.ts";
import { addDlqWords } from "./dlq-words.ts";
import { addDoctorWords } from "./doctor-words.ts";
import { addFleetWords } from "./fleet-words.ts";
import { addHelpWords } from "./help-words.ts";
import { addHistoryWords } from "./history-words.ts";
import { addInitWords } from "./init-words.ts";
import { addLookWords } from "./look-words.ts";
import { addNotifyWords } from "./notify-words.ts";
import { addPastWords } from "./past-words.ts";
import { addPlanWords } from "./plan-words.ts";
import { addPortsWords } from "./ports-words.ts";
import { addProfileWords } from "./profile-words.ts";
import { addResetWords } from "./reset-words.ts";
import { addRulesWords } from "./rules-words.ts";
import { addRunWords } from "./run-words.ts";
import { addSupportWords } from "./support-words.ts";
import { addUsersWords } from "./users-words.ts";

/** Each command is loaded when it is called, so the tree itself is quick. */
export function buildProgram(): Command {
  const program = new Command("sluicegate")
    .description(
      "IoT edge event gateway: MQTT in, durable on disk, exactly once and in order into NATS JetStream",
    )
    .version(version)
    // Taken out of what was typed before it is read: no-color.ts.
    .option("--no-color", "no colors; so do NO_COLOR, CLICOLOR=0 and TERM=dumb")
    // A command and one below it may have options of one name.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for what can be typed)")
    .helpCommand(false);

  addRunWords(program);
  addLookWords(program);
  addDoctorWords(program);
  addSupportWords(program);
  addFleetWords(program);
  addContextWords(program);
  addDevicesWords(program);
  addCommandsWords(program);
  addAlertsWords(program);
  addNotifyWords(program);
  addProfileWords(program);
  addRulesWords(program);
  addPortsWords(program);
  addDlqWords(program);
  addHistoryWords(program);
  addBridgeWords(program);
  addPastWords(program);
  addPlanWords(program);
  addConfigWords(program);
  addConsoleWords(program);
  addUsersWords(program);
  addBufferWords(program);
  addResetWords(program);
  addBackboneWords(program);
  addBackupWords(program);
  addAuditWords(program);
  addInitWords(program);
  addHelpWords(program);
  showGroups(program);
  return program;
}
