/** `sluicegate devices forget`: the hub lets go of a device that is gone. */
import { isObject } from "../core/is-object.ts";
import { askRole } from "../telemetry/status-client.ts";
import { socketOf } from "./site.ts";

export interface ForgetOptions {
  readonly config: string;
  readonly socket?: string;
}

/** Prints what became of it; exit 1 where nothing was done, 3 when no gateway answers. */
export async function runForget(device: string, options: ForgetOptions): Promise<void> {
  const answer = await askRole(await socketOf(options), "forget", { device });
  const outcome = isObject(answer) ? answer["outcome"] : undefined;
  if (outcome === "forgotten") {
    process.stdout.write(
      `${device} is forgotten: its alerts end, and it is a new device if it speaks again\n`,
    );
    return;
  }
  process.stderr.write(
    outcome === "configured"
      ? `sluicegate: ${device} is configured; take it out of devices: and start the gateway anew\n`
      : "sluicegate: this cannot be the name of a device: 1 to 128 characters, none of control\n",
  );
  process.exitCode = 1;
}
