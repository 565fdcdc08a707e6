/** Bundles of a fleet whose files are right, in a folder. */
import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import type { SiteFiles } from "../../config/site/site-files.ts";
import { GatewayError } from "../../core/errors.ts";
import { systemCode, systemReason } from "../../core/system-reason.ts";
import { replaceFile } from "../replace-file.ts";
import { signBundle } from "./bundle.ts";
import { fileNameOf } from "./file-name.ts";
import type { ReadFleet } from "./read-fleet.ts";
import type { RenderedGateway } from "./render-gateway.ts";

const configName = "sluicegate.yaml";
/** Nothing of it is secret: what is, stays on its machine. */
const readByAll = { newMode: 0o644 };

/** Gives the paths of what was written. */
export async function bundleFleet(
  read: ReadFleet,
  rendered: readonly RenderedGateway[],
  files: SiteFiles,
  { out, privateKey }: { readonly out: string; readonly privateKey: string },
): Promise<readonly string[]> {
  const shared = await sharedTexts(read, files);
  keepPrivate(shared, privateKey);
  const { version } = read.fleet;
  const paths: string[] = [];
  for (const { id, text } of rendered) {
    const content = { gateway: id, version, files: { ...shared, [configName]: text } };
    const path = join(out, `${fileNameOf(id)}-${version}.bundle`);
    await replaceFile(path, signBundle(content, privateKey), readByAll);
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
    const folder = join(out, fileNameOf(id));
    for (const [path, content] of Object.entries({ ...shared, [configName]: text }))
      await replaceFile(join(folder, path), content, readByAll);
  }
}

async function sharedTexts(
  { folder, shared }: ReadFleet,
  { readFile }: SiteFiles,
): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for (const path of shared) {
    const bytes = await readFile(join(folder, path)).catch((thrown: unknown) => {
      // A pattern takes folders, too.
      if (systemCode(thrown) === "EISDIR") return undefined;
      throw refused(`cannot read ${path}: ${systemReason(thrown)}`);
    });
    if (bytes === undefined) continue;
    if (!isUtf8(bytes)) throw refused(`${path} is no text in UTF-8, which is all that is carried`);
    texts[path] = Buffer.from(bytes).toString();
  }
  return texts;
}

/** Whoever reads one gateway would sign for all of them. */
function keepPrivate(texts: Readonly<Record<string, string>>, privateKey: string): void {
  for (const [path, text] of Object.entries(texts))
    if (text.includes(privateKey.trim()))
      throw refused(`${path} is the private key that signs; take it out of "files"`);
}

function refused(why: string): GatewayError {
  return new GatewayError("usage", `${why}; nothing was written`);
}
