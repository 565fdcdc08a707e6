/** What can be typed of commands about serial ports. */
import type { Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { outputOption } from "./shared-options.ts";

/** `ports`. */
export function addPortsWords(program: Command): void {
  const ports = program
    .command("ports")
    .description("serial ports of this machine: what is plugged in, and what it says");
  ports
    .command("ls")
    .description("a line for each: name that stays, USB device, who has it open")
    .addOption(outputOption)
    .action(async (options) => (await import("./ports.ts")).listPorts(options));
  ports
    .command("watch")
    .description("what is plugged in and out, or what one port says, until Ctrl-C")
    .option("--listen <path>", "show what this port says: /dev/ttyUSB0, tcp://host:port")
    .option("--baud <n>", "its speed; without it the usual ones are tried for 2 s each")
    .option("--form <8N1>", "its data bits, parity and stop bits; 7E1 is guessed with the speed")
    .addOption(outputOption)
    .action(async (options) => (await import("./ports.ts")).watchPorts(options));

  addExamplesBelow(ports, {
    ls: {
      "sluicegate ports ls": "what is plugged in",
      "sluicegate ports ls -o json": "for programs",
    },
    watch: {
      "sluicegate ports watch": "plug it out and in again: that is it",
      "sluicegate ports watch --listen tcp://127.0.0.1:4002 -o json": "what a port says",
    },
  });
}
