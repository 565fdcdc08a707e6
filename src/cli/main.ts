#!/usr/bin/env node
/**
 * The command line: what can be typed, and nothing else. Each command is loaded when it is called,
 * so that `--version` stays quick.
 */
import { Command, CommanderError, Option } from "commander";
import { roleNames } from "../app/roles.ts";
import { version } from "../app/version.ts";
import { GatewayError } from "../core/errors.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { printable } from "../core/printable.ts";
import { surviveReaders } from "./survive-readers.ts";

const program = new Command("sluicegate")
  .description(
    "IoT edge event gateway: MQTT in, durable on disk, exactly once and in order into NATS JetStream",
  )
  .version(version)
  .exitOverride()
  .showSuggestionAfterError()
  .showHelpAfterError("(add --help for what can be typed)");

const configOption = new Option("-c, --config <file>", "configuration file").default(
  "sluicegate.yaml",
);

program
  .command("up")
  .description(
    "everything in one process, with a nats-server of its own unless backbone.servers names one",
  )
  .addOption(configOption)
  .action(async (options) => (await import("./up.ts")).runUp(options));

program
  .command("run")
  .description(`one role or several: ${roleNames.join(", ")}`)
  .argument("<role...>", roleNames.join(", "))
  .addOption(configOption)
  .option("--backbone <url>", "this server in place of backbone.servers")
  .option(
    "--take-over",
    "go on behind a stream that another run of this gateway's name has written",
  )
  .action(async (roles, options) => (await import("./run.ts")).runRoles(roles, options));

program
  .command("demo")
  .description(
    "devices, gateway, a cut cable, a killed gateway, a late alert, and a proof that nothing was lost",
  )
  .option("--script", "play the script once, then exit: 0 only if the proof holds")
  .option("--speed <n>", "how many times faster than real, such as 4x", "1x")
  .option("--keep", "keep the folder with all data")
  .action(async (options) => (await import("./demo.ts")).runDemo(options));

program
  .command("sim")
  .description("simulated devices as real MQTT clients")
  .option("--url <url>", "where they connect", "mqtt://127.0.0.1:1883")
  .option("--devices <n>", "how many", "12")
  .option("--every <duration>", "how often each reports", "5s")
  .option("--seed <n>", "what chance does", "1")
  .option("--for <duration>", "stop after this long; without it, at Ctrl-C")
  .action(async (options) => (await import("./sim.ts")).runSim(options));

program
  .command("validate")
  .description(
    "are the files right? reads configuration, profiles, rules and users; opens no connection",
  )
  .argument("[path]", "configuration file", "sluicegate.yaml")
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

program
  .command("status")
  .description("is it linked, what is waiting?")
  .addOption(configOption)
  .option("--socket <path>", "status socket of the gateway; default: as configured")
  .addOption(
    new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"),
  )
  .action(async (options) => (await import("./status.ts")).runStatus(options));

program
  .command("tap")
  .description(
    "what flows through here? received, normalized or rejected at the gateway, sent on the backbone",
  )
  .argument("[stage]", "received, normalized, rejected, sent", "normalized")
  .addOption(configOption)
  .option("--socket <path>", "status socket of the gateway; default: as configured")
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

program
  .command("devices")
  .description("the devices of a running gateway")
  .command("forget")
  .description("a device is gone: its alerts end, and it is a new one if it speaks again")
  .argument("<device>", "its name")
  .addOption(configOption)
  .option("--socket <path>", "status socket of the gateway; default: as configured")
  .action(async (device, options) => (await import("./devices.ts")).runForget(device, options));

const deadLetters = program
  .command("dead-letters")
  .description("what receivers of alerts were never told of");
const natsOption = new Option("--nats <url>", "this server in place of backbone.servers");

deadLetters
  .command("list")
  .description("those that still say something: later ones of the same alert were not delivered")
  .argument("[receiver]", "only those of this receiver")
  .addOption(configOption)
  .addOption(natsOption)
  .action(async (receiver, options) =>
    (await import("./dead-letters.ts")).listDeadLetters(receiver, options),
  );

deadLetters
  .command("resend")
  .description("tell a receiver after all, once each; exit 1 when some are left")
  .argument("<receiver>", "its name")
  .addOption(configOption)
  .addOption(natsOption)
  .action(async (receiver, options) =>
    (await import("./dead-letters.ts")).resendDeadLetters(receiver, options),
  );

program
  .command("users")
  .description("entries for the users file of the MQTT broker")
  .command("hash")
  .description("read a password from standard input, print its password_hash")
  .action(async () => (await import("./users.ts")).hashFromStdin());

const buffer = program
  .command("buffer")
  .description("the buffer on disk, of a running gateway or a dead box");
const bufferFolder = "data folder of a gateway, in place of the configuration's";
const textOrJson = new Option("-o, --output <format>", "text or json")
  .choices(["text", "json"])
  .default("text");

buffer
  .command("show")
  .description("segments, runs, records by class, what is confirmed, quarantine, lock")
  .argument("[folder]", bufferFolder)
  .addOption(configOption)
  .addOption(textOrJson)
  .action(async (folder, options) => (await import("./buffer.ts")).runShow(folder, options));

buffer
  .command("verify")
  .description("check every checksum, change nothing; exit 1 when something is damaged")
  .argument("[folder]", bufferFolder)
  .addOption(configOption)
  .addOption(textOrJson)
  .action(async (folder, options) => (await import("./buffer.ts")).runVerify(folder, options));

buffer
  .command("export")
  .description("every whole event as NDJSON on standard output, damage on standard error")
  .argument("[folder]", bufferFolder)
  .addOption(configOption)
  .option("--from-seq <n>", "from this record on")
  .option("--to-seq <n>", "up to this record")
  .action(async (folder, options) => (await import("./buffer.ts")).runExport(folder, options));

buffer
  .command("repair")
  .description("do what the next start would do: close, set aside, declare what is lost")
  .argument("[folder]", bufferFolder)
  .addOption(configOption)
  .option("--dry-run", "print what would be done")
  .option("--yes", "do it without a question")
  .action(async (folder, options) => (await import("./buffer.ts")).runRepair(folder, options));

buffer
  .command("wait-drained")
  .description("wait until the backbone has everything; exit 7 when it has not in time")
  .addOption(configOption)
  .option("--socket <path>", "status socket of the gateway; default: as configured")
  .option("--timeout <duration>", "such as 90s; without it, as long as it takes")
  .action(async (options) => (await import("./buffer-wait.ts")).runWaitDrained(options));

surviveReaders(process.argv[2]);
try {
  await program.parseAsync();
} catch (thrown) {
  process.exit(exitStatusOf(thrown));
}

/** Says what went wrong, once, and gives the exit status for it. */
function exitStatusOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const failure = GatewayError.from(thrown, "internal.bug", "sluicegate failed");
  process.stderr.write(
    `sluicegate: ${printable(maskAddress(failure.message))} (${failure.code})\n`,
  );
  if (failure.code === "internal.bug" && thrown instanceof Error)
    process.stderr.write(`${thrown.stack?.split("\n").map(printable).join("\n")}\n`);
  return failure.exitStatus;
}
