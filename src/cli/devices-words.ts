/** What can be typed of commands about devices. */
import type { Command } from "commander";
import { configOption, socketOption } from "./shared-options.ts";

/** `devices`. */
export function addDevicesWords(program: Command): void {
  program
    .command("devices")
    .description("the devices of a running gateway")
    .command("forget")
    .description("a device is gone: its alerts end, and it is a new one if it speaks again")
    .argument("<device>", "its name")
    .addOption(configOption)
    .addOption(socketOption)
    .action(async (device, options) => (await import("./devices.ts")).runForget(device, options));
}
