/** What commands add to the files of a site, so that its running gateway knows a device. */
import { readFile } from "node:fs/promises";
import type { DeviceLines } from "../app/accept-topic.ts";
import { replaceConfig, withDevice } from "../app/change-config.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { plainYaml } from "../normalize/suggest/plain-yaml.ts";
import { type AskOptions, askGateway } from "./ask-gateway.ts";

/** Adds an entry and has the files read again; where that is not safe it says what to add, and is false. */
export async function addEntry(options: AskOptions, entry: DeviceLines): Promise<boolean> {
  const text = await readFile(options.config, "utf8");
  const changed = withDevice(text, { ...entry });
  if (changed === undefined) {
    printEntry(options, entry);
    return false;
  }
  await replaceConfig(options.config, changed);
  await demandReload(options, [() => replaceConfig(options.config, text)]);
  tell(`wrote into ${options.config}: - ${plainYaml({ ...entry })}`);
  return true;
}

export function printEntry({ config }: AskOptions, entry: DeviceLines): void {
  tell(`add to devices: in ${config}, then call sluicegate reload:`);
  tell(`  - ${plainYaml({ ...entry })}`);
}

/** Has the files read again; where they have faults, what was written is taken back. */
async function demandReload(
  options: AskOptions,
  undo: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const answer = await askGateway("reload", options, {}).catch(async (thrown: unknown) => {
    for (const step of undo) await step();
    throw thrown;
  });
  if (answer["outcome"] === "reloaded") return;
  for (const step of undo) await step();
  const { faults } = answer;
  process.stderr.write(typeof faults === "string" ? faults : "");
  throw new GatewayError("config.invalid", "the files have faults with it; nothing was changed");
}

export function tell(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}
