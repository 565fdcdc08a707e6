import type { Command, CommandCancel } from "../../src/core/command.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { origin, startMs } from "./gateway-stream.ts";

/** A command for a device of the gateway of `gateway-stream.ts`, valid for five minutes. */
export function sampleCommand(changes: Partial<Command> = {}): Command {
  const issuedMs = changes.issuedMs ?? startMs;
  return {
    ...origin,
    id: "c-1",
    device: toDeviceId("freezer-07"),
    name: "set_point",
    params: { level: -18.5, fast: true, mode: "eco" },
    issuedMs,
    expiresMs: issuedMs + 300_000,
    by: "kim",
    ...changes,
  };
}

/** Takes it back. */
export function sampleCancel(command: Command): CommandCancel {
  const { device, gateway, id, issuedMs, site } = command;
  return { id, site, gateway, device, issuedMs: issuedMs + 1_000, by: "kim" };
}
