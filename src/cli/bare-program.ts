/** The program before it has any command. */
import { Command } from "commander";
import { version } from "../app/version.ts";

/** How everything that is typed is read, whatever the commands are. */
export function bareProgram(): Command {
  return (
    new Command("sluicegate")
      .description(
        "IoT edge event gateway: MQTT, serial lines and Modbus in, durable on disk, exactly once and in order into NATS JetStream",
      )
      .version(version)
      // Taken out of what was typed before it is read: no-color.ts.
      .option("--no-color", "no colors; so do NO_COLOR, CLICOLOR=0 and TERM=dumb")
      // A command and one below it may have options of one name.
      .enablePositionalOptions()
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError("(add --help for what can be typed)")
      .helpCommand(false)
  );
}
