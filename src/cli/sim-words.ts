/** What can be typed of simulated devices. */
import type { Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { outputOption } from "./shared-options.ts";

/** `sim`, `sim ls`, `sim line`, `sim sparkplug`. */
export function addSimWords(program: Command): void {
  const sim = program
    .command("sim")
    .enablePositionalOptions()
    .description("simulated devices as real MQTT clients; ls and line: at serial lines")
    .option("--url <url>", "where they connect", "mqtt://127.0.0.1:1883")
    .option("--devices <n>", "how many", "12")
    .option("--every <duration>", "how often each reports", "5s")
    .option("--seed <n>", "what chance does", "1")
    .option("--for <duration>", "stop after this long; without it, at Ctrl-C")
    .action(async (options) => (await import("./sim.ts")).runSim(options));

  sim
    .command("ls")
    .description("the families of devices at lines, and how their ports are set")
    .addOption(outputOption)
    .action(async (options) => (await import("./sim-line.ts")).listLineFamilies(options));

  sim
    .command("line")
    .description("a simulated device at a serial line that speaks as real ones do")
    .argument("<family>", "one of `sim ls`")
    .argument(
      "<where>",
      "a serial port or pty; tcp://host:port to listen on, or modbus-tcp://host:port",
    )
    .option("--every <duration>", "how often it speaks; default: as real ones do")
    .option("--seed <n>", "what chance does", "1")
    .option("--for <duration>", "stop after this long; without it, at Ctrl-C")
    .option("--damage <share>", "of bytes, how many arrive as others, such as 1%", "0%")
    .option("--silence <share>", "of frames, how many are not said", "0%")
    .option(
      "--wrong-checksum <share>",
      "of frames, how many have a wrong checksum; not every protocol has one",
      "0%",
    )
    .option("--cut <share>", "of frames, how many end before their end", "0%")
    .option(
      "--exception <share>",
      "of answers of Modbus devices, how many refuse what was asked",
      "0%",
    )
    .option("--late <share>", "of answers of Modbus devices, how many come 1.5 s late", "0%")
    .option("--restart-every <duration>", "switched off and on again so often (1s or more)")
    .action(async (family, where, options) =>
      (await import("./sim-line.ts")).runSimLine(family, where, options),
    );

  sim
    .command("sparkplug")
    .description("an edge node of Sparkplug B with two devices, as a real MQTT client")
    .option("--url <url>", "where it connects", "mqtt://127.0.0.1:1883")
    .option("--group <name>", "its group", "plant")
    .option("--node <name>", "its name", "sim-1")
    .option("--every <duration>", "how often it sends a value", "1s")
    .option("--seed <n>", "what chance does", "1")
    .option("--for <duration>", "stop after this long; without it, at Ctrl-C")
    .option("--lost <share>", "of messages, how many are counted and not sent, such as 1%", "0%")
    .option("--unknown-alias <share>", "of messages, how many name no metric of a birth", "0%")
    .option("--cut <share>", "of messages, how many end before their end", "0%")
    .option("--move-aliases", "each birth gives its metrics other aliases")
    .option("--deaf", "does not answer when it is asked for its birth")
    .option("--restart-every <duration>", "goes and comes back so often, with its death or without")
    .action(async (options) => (await import("./sim-sparkplug.ts")).runSimSparkplug(options));

  addExamplesBelow(program, {
    sim: {
      "sluicegate sim --devices 12 --every 1s --for 5s": "twelve devices for five seconds",
      "sluicegate sim --url mqtt://127.0.0.1:1883 --devices 3 --for 2s --seed 7":
        "always the same ones",
    },
  });

  addExamplesBelow(sim, {
    ls: {
      "sluicegate sim ls": "families, and how their ports are set",
      "sluicegate sim ls -o json": "for programs",
    },
    line: {
      "sluicegate sim line sdm120 modbus-tcp://127.0.0.1:5020 --for 2s":
        "a meter that is asked by Modbus TCP",
      "sluicegate sim line nmea-gps tcp://127.0.0.1:4001 --damage 1% --for 2s":
        "a GPS receiver with a bad cable",
    },
    sparkplug: {
      "sluicegate sim sparkplug --for 2s": "a node with two devices",
      "sluicegate sim sparkplug --group plant --node press-1 --every 500ms --for 2s":
        "under names of your own",
    },
  });
}
