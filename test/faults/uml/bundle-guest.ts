import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { buildPlanted, type Fault } from "../../support/planted-program.ts";

/** Bundles a program of `guests/` into one file that a guest can run; gives its path. */
export async function bundleGuest(name: string, folder: string, fault?: Fault): Promise<string> {
  const outfile = join(folder, `${name}${fault ? `-${fault}` : ""}.mjs`);
  const options: BuildOptions = {
    entryPoints: [fileURLToPath(new URL(`guests/${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "warning",
    banner: {
      js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
    },
  };
  await (fault === undefined ? build(options) : buildPlanted(fault, options));
  return outfile;
}
