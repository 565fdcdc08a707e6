import { copyFile, cp } from "node:fs/promises";
import { join } from "node:path";
import { bundleSettings } from "../../deploy/bundle-settings.ts";
import { type Fault, plantedProgram } from "./planted-program.ts";

/**
 * Copies the program that was built last, or one with a fault, and all that it reads of its package;
 * gives the path of the copy. What is built meanwhile does not change it.
 */
export async function ownProgram(folder: string, fault?: Fault): Promise<string> {
  const home = bundleSettings.absWorkingDir;
  for (const part of ["dist", "devices", "package.json"])
    await cp(join(home, part), join(folder, part), { recursive: true });
  const program = join(folder, "dist", "sluicegate.js");
  if (fault !== undefined) await copyFile(await plantedProgram(fault), program);
  return program;
}
