/**
 * The packages whose code is in the bundle or in the page, as their folders say. They are development
 * dependencies here, so `npm sbom` would list none of them, or the tools of the house beside them.
 */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Metafile } from "esbuild";
import type { build as buildPage } from "vite";

/** A package of somebody else. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** Of the archive that npm unpacked: `sha512-...`. */
  readonly integrity: string;
}

/** One whose code is shipped. */
export interface BundledPackage extends LockedPackage {
  /** Its license, and its notice where it has one: both must go wherever its code goes. */
  readonly texts: readonly string[];
}

/** Files of packages that left something in the bundle: what was shaken off is not shipped. */
export function filesOfBundle({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );
}

/** Files of packages that left something in the page. */
export function filesOfPage(home: string, built: Awaited<ReturnType<typeof buildPage>>): string[] {
  const bundles = Array.isArray(built) ? built : "output" in built ? [built] : [];
  return bundles
    .flatMap(({ output }) =>
      output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : [])),
    )
    .map((file) => relative(home, file));
}

/** The packages that these files belong to; one that may not be shipped is an error. */
export async function packagesOf(
  home: string,
  files: readonly string[],
): Promise<BundledPackage[]> {
  const known = new Set(files.map(folderOf).filter((folder) => folder !== undefined));
  const locked = await readLock(home);
  const packages = await Promise.all(
    [...known].map(async (folder) => {
      const facts = locked.get(folder);
      const texts = await textsIn(join(home, folder));
      if (!facts?.license || texts.length === 0)
        throw new Error(`${folder} may not be shipped: it has no license, or no text of it`);
      return { ...facts, texts };
    }),
  );
  return inOrder(packages);
}

/** `node_modules/aedes` of a file in it, wherever `node_modules` itself is. */
function folderOf(file: string): string | undefined {
  return /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** What npm installs beside the program where it can: serial ports, and what they need. */
export async function optionalPackages(home: string): Promise<LockedPackage[]> {
  const locked = [...(await readLock(home)).values()];
  return inOrder(locked.filter(({ isOptional }) => isOptional));
}

/** What the lockfile says of the package in each folder. */
async function readLock(home: string) {
  const lock = JSON.parse(await readFile(join(home, "package-lock.json"), "utf8"));
  const packages: [string, Record<string, string>][] = Object.entries(lock.packages);
  return new Map(
    packages.map(
      ([folder, { devOptional, integrity = "", license = "", optional, dev, version = "" }]) => [
        folder,
        {
          name: folder.replace(/^.*node_modules\//, ""),
          ...{ version, license, integrity },
          isOptional: Boolean((optional && !dev) || devOptional),
        },
      ],
    ),
  );
}

/** Each once, however many folders it lies in. */
function inOrder<P extends LockedPackage>(packages: readonly P[]): P[] {
  const byKey = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
}

async function textsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|notice)/i.test(name));
  return Promise.all(
    names.sort().map(async (name) => (await readFile(join(folder, name), "utf8")).trim()),
  );
}
