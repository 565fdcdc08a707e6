/** What a reset of this box would wipe. */
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathIn } from "../../config/path-in.ts";
import type { SitePlace } from "../../config/site/read-site-place.ts";
import { systemCode } from "../../core/system-reason.ts";
import type { Identity } from "./held-folder.ts";
import { secretFilesIn } from "./secret-files.ts";

export interface ResetPlan {
  readonly dataFolder: string;
  /** Which one that is; undefined where there is none. */
  readonly dataIdentity: Identity | undefined;
  /** Everything in the data folder, folders behind what is in them. */
  readonly data: readonly FoundPath[];
  /** Keys, passwords and lists of people below the folder of the configuration. */
  readonly secrets: readonly FoundPath[];
  /** Secrets that the configuration names elsewhere: others may use them. */
  readonly elsewhere: readonly string[];
}

export interface FoundPath {
  readonly path: string;
  /** Links, sockets and the like are only taken away. */
  readonly kind: "file" | "folder" | "other";
  readonly bytes: number;
  /** Which one it is: what is there under its name later may be another. */
  readonly identity: Identity;
}

export async function planReset({ config, folder }: SitePlace): Promise<ResetPlan> {
  const dataFolder = pathIn(folder, config.gateway.data);
  const data = await everythingIn(dataFolder);
  const inData = new Set(data.map(({ path }) => path));
  const secrets: FoundPath[] = [];
  const elsewhere: string[] = [];
  for (const written of secretFilesIn(config)) {
    const path = pathIn(folder, written);
    const found = await foundAt(path);
    if (!found || inData.has(path)) continue;
    if (await isBelow(folder, path)) secrets.push(found);
    else elsewhere.push(path);
  }
  const dataIdentity = await stat(dataFolder).catch(() => undefined);
  return { dataFolder, dataIdentity, data, secrets, elsewhere };
}

async function everythingIn(folder: string): Promise<FoundPath[]> {
  const names = await readdir(folder).catch((failure: unknown) => {
    if (systemCode(failure) === "ENOENT") return [];
    throw failure;
  });
  const found: FoundPath[] = [];
  for (const name of names.sort()) {
    const each = await foundAt(join(folder, name));
    if (each?.kind === "folder") found.push(...(await everythingIn(each.path)));
    if (each) found.push(each);
  }
  return found;
}

/** Undefined for what is not there. */
async function foundAt(path: string): Promise<FoundPath | undefined> {
  const facts = await lstat(path).catch((failure: unknown) => {
    if (systemCode(failure) === "ENOENT" || systemCode(failure) === "ENOTDIR") return undefined;
    throw failure;
  });
  if (facts === undefined) return undefined;
  const kind = facts.isFile() ? "file" : facts.isDirectory() ? "folder" : "other";
  return { path, kind, bytes: facts.isFile() ? facts.size : 0, identity: facts };
}

async function isBelow(folder: string, path: string): Promise<boolean> {
  const way = relative(await realpath(folder), await realpath(path).catch(() => path));
  return way !== "" && !way.startsWith("..") && !way.startsWith("/");
}
