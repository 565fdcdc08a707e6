import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { bundleSettings } from "../../deploy/bundle-settings.ts";

/** Every file that is loaded with this one, before a line of it runs. */
async function loadedWith(path: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...bundleSettings,
    absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
    entryPoints: [path],
    outdir: "nowhere",
    splitting: true,
    write: false,
  });
  const loaded = new Set([path]);
  for (const file of loaded)
    for (const { external, kind, path: next } of metafile.inputs[file]?.imports ?? [])
      if (!external && kind !== "dynamic-import") loaded.add(next);
  return [...loaded];
}

const packages = (files: readonly string[]): string[] => [
  ...new Set(
    files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.slice(1) ?? []),
  ),
];

test("the words of the command line come with one package, and with no command", async () => {
  const files = await loadedWith("src/cli/main.ts");
  expect(packages(files)).toEqual(["commander"]);
  expect(files.filter((file) => /rules\/|normalize\/|config\/site\/read/.test(file))).toEqual([]);
}, 300_000);

test.each(["status", "devices", "buffer-wait", "dlq"])(
  "%s asks a process without loading what reads profiles, rules or receivers",
  async (command) => {
    const files = await loadedWith(`src/cli/${command}.ts`);
    expect(packages(files).sort()).toEqual(["yaml", "zod"]);
    expect(files.filter((file) => /cel\/|notify\/receivers|config\/schema/.test(file))).toEqual([]);
  },
  300_000,
);
