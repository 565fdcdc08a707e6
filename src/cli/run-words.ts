/** What can be typed of commands that run something. */
import type { Command } from "commander";
import { roleNames } from "../app/roles.ts";
import { addExamples, addExamplesBelow } from "./examples.ts";
import { configOption, socketOption } from "./shared-options.ts";
import { addSimWords } from "./sim-words.ts";

/** `up`, `run`, `reload`, `drain`, `demo`, `sim`. */
export function addRunWords(program: Command): void {
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
    .option("--console <host:port>", "serve the console there, in place of console.listen")
    .option(
      "--take-over",
      "go on behind a stream that another run of this gateway's name has written",
    )
    .action(async (roles, options) => (await import("./run.ts")).runRoles(roles, options));

  program
    .command("reload")
    .description("running processes read profiles, devices and rules again; faults change nothing")
    .addOption(configOption)
    .addOption(socketOption)
    .action(async (options) => (await import("./reload.ts")).runReload(options));

  const drain = program
    .command("drain")
    .description(
      "take nothing more from devices, wait until the backbone has everything; then stop it",
    )
    .addOption(configOption)
    .addOption(socketOption)
    .option("--timeout <duration>", "such as 5m; exit 7 then. Without it, as long as it takes")
    .action(async (options) => (await import("./buffer-wait.ts")).runDrain(options));
  addExamples(drain, {
    "sluicegate drain --timeout 5m": "before the box is switched off for good, or its data moved",
    "sluicegate drain --timeout 30s && systemctl stop sluicegate-gateway":
      "stop it with nothing left",
  });

  program
    .command("demo")
    .description(
      "devices, gateway, a cut cable, a killed gateway, a late alert, and a proof that nothing was lost",
    )
    .option("--script", "play the script once, then exit: 0 only if the proof holds")
    .option("--speed <n>", "how many times faster than real, such as 4x", "1x")
    .option("--keep", "keep the folder with all data")
    .action(async (options) => (await import("./demo.ts")).runDemo(options));

  addSimWords(program);

  addExamplesBelow(program, {
    up: {
      "sluicegate up": "a small site in one process",
      "sluicegate up --config /etc/sluicegate/sluicegate.yaml": "of another folder",
    },
    run: {
      "sluicegate run gateway": "on the box",
      "sluicegate run processor notifier historian": "on the machine of the hub",
    },
    reload: {
      "sluicegate reload": "exit 78 where the files have faults",
      "sluicegate reload --socket /run/sluicegate/sluicegate.sock": "of one process",
    },
    demo: {
      "sluicegate demo": "on a terminal, with keys",
      "sluicegate demo --script --speed 4x": "once, for a build server",
    },
  });
}
