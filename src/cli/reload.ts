/** `sluicegate reload`: the profiles and devices of a running gateway as their files are now. */
import { isObject } from "../core/is-object.ts";
import { askRole } from "../telemetry/status-client.ts";
import { socketOf } from "./site.ts";

export interface ReloadOptions {
  readonly config: string;
  readonly socket?: string;
}

/** Prints what became of it; exit 78 where the files have faults, and everything goes on as it was. */
export async function runReload(options: ReloadOptions): Promise<void> {
  const answer = await askRole(await socketOf(options), "reload", {});
  if (isObject(answer) && answer["outcome"] === "reloaded") {
    process.stdout.write("profiles and devices are as their files are now\n");
    const { waiting } = answer;
    if (Array.isArray(waiting) && waiting.length > 0)
      process.stdout.write(`from the next start only: ${waiting.join(", ")}\n`);
    return;
  }
  const faults = isObject(answer) ? answer["faults"] : undefined;
  process.stderr.write(typeof faults === "string" ? faults : "");
  process.stderr.write("sluicegate: nothing changed; correct the files and try again\n");
  process.exitCode = 78;
}
