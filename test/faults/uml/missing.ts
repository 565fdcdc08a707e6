/** Why this machine cannot run an arm, for people; undefined when it can. */
import { access } from "node:fs/promises";
import { findTool } from "./find-tool.ts";
import { machineBoots } from "./trial-boot.ts";

const install = "sh deploy/setup.sh --faults installs it where the system's packages have it";

/** Programs that an arm with a machine of its own always needs. */
const machineTools = ["linux.uml", "mkfs.ext4", "insmod", "tar"];

export async function missingForMachine(
  tools: readonly string[] = [],
): Promise<string | undefined> {
  if (process.platform !== "linux") return "not Linux";
  const absent = [...machineTools, ...tools].filter((tool) => findTool(tool) === undefined);
  if (absent.length > 0) return `no ${absent.join(", no ")}: ${install}`;
  return (await machineBoots()) ? undefined : "User Mode Linux does not run on this processor";
}

export function missingRoot(): string | undefined {
  return process.getuid?.() === 0 ? undefined : "not root";
}

export async function missingDevice(path: string): Promise<string | undefined> {
  return access(path).then(
    () => undefined,
    () => `no ${path}`,
  );
}
