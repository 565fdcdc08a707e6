import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { bundleSettings } from "../../../deploy/bundle-settings.ts";
import { buildPlanted, type Fault } from "../../support/planted-program.ts";

/** Bundles a program of `guests/` into one file that a guest can run; gives its path. */
export async function bundleGuest(name: string, folder: string, fault?: Fault): Promise<string> {
  const outfile = join(folder, `${name}${fault ? `-${fault}` : ""}.mjs`);
  const options: BuildOptions = {
    ...bundleSettings,
    entryPoints: [fileURLToPath(new URL(`guests/${name}.ts`, import.meta.url))],
    outfile,
  };
  await (fault === undefined ? build(options) : buildPlanted(fault, options));
  return outfile;
}
