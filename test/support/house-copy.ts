import { execFile } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tempFolder } from "./temp-folder.ts";

/** The root of the package, with a slash at the end. */
export const house = fileURLToPath(new URL("../..", import.meta.url));

/** What the house is built and judged with, besides its sources. */
const tools = ["biome.json", "package.json", "tsconfig.json", "deploy", "devices"];

/** A copy of the house with other files in it, by their paths; it is gone when the test ends. */
export async function houseWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempFolder();
  for (const part of ["src", ...tools])
    await cp(join(house, part), join(folder, part), { recursive: true });
  await symlink(join(house, "node_modules"), join(folder, "node_modules"));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

/** Runs a program of the packages in a folder; gives what it printed and its exit code. */
export function runTool(
  folder: string,
  tool: string,
  ...args: string[]
): Promise<[string, number]> {
  return new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: 2 ** 26 };
    const child = execFile(join(house, "node_modules/.bin", tool), args, options, (_, out, err) =>
      resolve([out + err, child.exitCode ?? -1]),
    );
  });
}
