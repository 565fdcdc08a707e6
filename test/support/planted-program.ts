/**
 * Programs that break one promise on purpose, so that a test can demand that its check notices. The
 * released program has no switch for that: such a program is built with single modules replaced.
 *
 * `test/faults/planted/<fault>/` has the modules that stand in place of those of `src/`, at the same
 * paths; each imports the real one and differs from it in one thing.
 */
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type OutputFile, type Plugin } from "esbuild";
import { bundleSettings } from "../../deploy/bundle-settings.ts";

const home = bundleSettings.absWorkingDir;
const src = join(home, "src");
const planted = fileURLToPath(new URL("../faults/planted", import.meta.url));

/**
 * The folders of `test/faults/planted/`; the head of each file says what is broken. `no-batches` breaks
 * nothing: it has the lane of old servers on every server, to compare the two.
 */
export const faults = [
  "ack-early",
  "alerts-unfenced",
  "bridge-early",
  "commands-forget",
  "drop-record",
  "edge-finds-again",
  "history-early",
  "no-batches",
  "no-fence",
  "no-reconcile",
  "no-sync",
  "plan-ids-anew",
  "qos2-forgets",
  "retry-sync",
] as const;

export type Fault = (typeof faults)[number];

const programs = new Map<Fault, Promise<string>>();

/** Builds the program with a fault, once in the life of this process; gives its path. */
export function plantedProgram(fault: Fault): Promise<string> {
  let program = programs.get(fault);
  if (!program) {
    program = buildProgram(fault, join(home, ".cache", "planted", fault, "sluicegate.js"));
    programs.set(fault, program);
  }
  return program;
}

/** Others may build and run the same at the same time: the file is replaced as a whole. */
async function buildProgram(fault: Fault, outfile: string): Promise<string> {
  const [program] = await buildPlanted(fault, {
    ...bundleSettings,
    outfile,
    write: false,
  });
  if (!program) throw new Error(`nothing was built for ${fault}`);
  const fresh = `${outfile}.${process.pid}`;
  await mkdir(dirname(outfile), { recursive: true });
  await writeFile(fresh, program.contents);
  await rename(fresh, outfile);
  return outfile;
}

/** Builds with a fault planted; rejects where a module that it replaces is not part of that. */
export async function buildPlanted(
  fault: Fault,
  options: BuildOptions,
): Promise<readonly OutputFile[]> {
  const folder = join(planted, fault);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  const plugins = [plant(folder, new Set(files))];
  const { metafile, outputFiles } = await build({ ...options, metafile: true, plugins });
  const inputs = Object.keys(metafile?.inputs ?? {});
  const idle = files.filter((file) => !inputs.some((input) => input.endsWith(`${fault}/${file}`)));
  if (idle.length > 0) throw new Error(`${fault} is not planted: nothing imports src/${idle[0]}`);
  return outputFiles ?? [];
}

/** Resolves imports of a module to the one that stands in its place; there, to the real one. */
function plant(folder: string, files: ReadonlySet<string>): Plugin {
  return {
    name: "plant",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ importer, path, resolveDir }) => {
        const file = relative(src, join(resolveDir, path));
        if (!files.has(file) || importer.startsWith(planted)) return undefined;
        return { path: join(folder, file) };
      });
    },
  };
}
