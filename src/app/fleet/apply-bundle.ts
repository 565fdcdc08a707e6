/**
 * A bundle on the machine of its gateway: opened, compared with what is there, validated where it will
 * stand, and only then put in place. What it replaces is kept beside, so that the way back needs nobody
 * else. A power cut in the middle is undone by the next call.
 */
import { basename, dirname, join } from "node:path";
import type { LocatedFault } from "../../config/located-fault.ts";
import { loadSite } from "../../config/site/load-site.ts";
import type { SiteFiles } from "../../config/site/site-files.ts";
import { GatewayError } from "../../core/errors.ts";
import { type BundleContent, openBundle } from "./bundle.ts";
import { FleetState } from "./fleet-state.ts";

export interface ApplyOptions {
  /** The configuration that is replaced. */
  readonly configPath: string;
  readonly publicKey: string;
  /** Whose machine this is; undefined where no configuration says it yet. */
  readonly gateway: string | undefined;
  /** An older version, or the same again, is what is wanted. */
  readonly rollback: boolean;
  readonly dryRun: boolean;
}

export interface Applied {
  readonly gateway: string;
  readonly version: number;
  readonly before: number | undefined;
  /** Of the new files; with errors among them nothing was changed. */
  readonly faults: readonly LocatedFault[];
  readonly changed: readonly string[];
}

/** Throws `usage` for a bundle that is not for this machine, or not now. */
export async function applyBundle(
  text: string,
  files: SiteFiles,
  options: ApplyOptions,
): Promise<Applied> {
  const folder = dirname(options.configPath);
  const state = await FleetState.open(folder);
  const content = openBundle(text, options.publicKey);
  checkFit(content, state.version, options);
  const texts = inPlace(content, options.configPath);
  const result = await loadSite(options.configPath, {
    ...files,
    readFile: async (path) => {
      const own = texts.get(path);
      return own === undefined ? files.readFile(path) : Buffer.from(own);
    },
    listFolder: async (path) => namesIn(path, texts, await files.listFolder(path).catch(() => [])),
  });
  const { gateway, version } = content;
  const applied = { gateway, version, before: state.version, faults: result.faults };
  if (!result.ok || options.dryRun) return { ...applied, changed: [] };
  return { ...applied, changed: await state.replace(version, texts) };
}

function checkFit(
  { gateway, version }: BundleContent,
  present: number | undefined,
  { gateway: own, rollback }: ApplyOptions,
): void {
  if (own !== undefined && gateway !== own)
    throw refused(`it is for the gateway ${gateway}, and this is ${own}`);
  if (present === undefined || rollback || version > present) return;
  throw refused(
    `it is version ${version}, and version ${present} is in place; add --rollback where that is meant`,
  );
}

/** By where each will stand. */
function inPlace({ files }: BundleContent, configPath: string): ReadonlyMap<string, string> {
  const folder = dirname(configPath);
  const isConfig = (path: string): boolean => path === "sluicegate.yaml";
  return new Map(
    Object.entries(files).map(([path, text]) => [
      join(folder, isConfig(path) ? basename(configPath) : path),
      text,
    ]),
  );
}

/** What a folder will hold. */
function namesIn(
  folder: string,
  texts: ReadonlyMap<string, string>,
  there: readonly string[],
): readonly string[] {
  const own = Array.from(texts.keys(), (path) =>
    path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split("/")[0] : undefined,
  );
  return [...new Set([...there, ...own.filter((name) => name !== undefined)])];
}

function refused(why: string): GatewayError {
  return new GatewayError("usage", `the bundle is refused: ${why}; nothing was changed`);
}
