/** Bundles of a fleet whose files are right, in a folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SiteFiles } from "../../config/site/site-files.ts";
import { signBundle } from "./bundle.ts";
import type { ReadFleet } from "./read-fleet.ts";
import type { RenderedGateway } from "./render-gateway.ts";

const configName = "sluicegate.yaml";

/** Gives the paths of what was written. */
export async function bundleFleet(
  read: ReadFleet,
  rendered: readonly RenderedGateway[],
  files: SiteFiles,
  { out, privateKey }: { readonly out: string; readonly privateKey: string },
): Promise<readonly string[]> {
  const shared = await sharedTexts(read, files);
  const { version } = read.fleet;
  await mkdir(out, { recursive: true });
  const paths: string[] = [];
  for (const { id, text } of rendered) {
    const content = { gateway: id, version, files: { ...shared, [configName]: text } };
    const path = join(out, `${encodeURIComponent(id)}-${version}.bundle`);
    await writeFile(path, signBundle(content, privateKey), { mode: 0o644 });
    paths.push(path);
  }
  return paths;
}

/** The configuration of one gateway with the files that it goes with, in a folder of its own. */
export async function renderFleet(
  read: ReadFleet,
  rendered: readonly RenderedGateway[],
  files: SiteFiles,
  out: string,
): Promise<void> {
  const shared = await sharedTexts(read, files);
  for (const { id, text } of rendered) {
    const folder = join(out, encodeURIComponent(id));
    for (const [path, content] of Object.entries({ ...shared, [configName]: text })) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  }
}

async function sharedTexts(
  { folder, shared }: ReadFleet,
  { readFile }: SiteFiles,
): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for (const path of shared)
    texts[path] = Buffer.from(await readFile(join(folder, path))).toString();
  return texts;
}
