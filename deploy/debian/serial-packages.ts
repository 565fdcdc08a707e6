/** What serial ports need of packages: the code that runs, and of what was compiled the part for one machine. */

import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isObject } from "../../src/core/is-object.ts";
import type { Architecture } from "./debian-archive.ts";

const door = "@serialport/bindings-cpp";
/** Needed where it is compiled. */
const unused: ReadonlySet<string> = new Set(["node-addon-api"]);

const prebuilt: Readonly<Record<Architecture, string>> = {
  amd64: "linux-x64",
  arm64: "linux-arm64",
  armhf: "linux-arm",
};

/** Copies them from one `node_modules` into another; Debian has glibc. */
export async function copySerialPackages(
  home: string,
  into: string,
  architecture: Architecture,
): Promise<void> {
  const modules = join(home, "node_modules");
  if (!existsSync(join(modules, door)))
    throw new Error(`${door} is not installed: run npm ci with its optional dependencies`);
  await copyPackage(join(modules, door), join(into, door), architecture);
}

async function copyPackage(from: string, to: string, architecture: Architecture): Promise<void> {
  await cp(from, to, {
    recursive: true,
    filter: (path) => path === from || isNeeded(path, from, architecture),
  });
  const manifest: unknown = JSON.parse(await readFile(join(from, "package.json"), "utf8"));
  const needed =
    isObject(manifest) && isObject(manifest["dependencies"]) ? manifest["dependencies"] : {};
  for (const name of Object.keys(needed).filter((one) => !unused.has(one)))
    await copyPackage(packageFolder(name, from), join(to, "node_modules", name), architecture);
}

function isNeeded(path: string, of: string, architecture: Architecture): boolean {
  const below = path.slice(of.length + 1);
  if (/^(node_modules|test)(\/|$)|\.(d\.ts|map|md|cpp|h|gyp)$/.test(below)) return false;
  if (!below.startsWith("prebuilds/")) return true;
  const [, platform, file] = below.split("/");
  return (
    platform === prebuilt[architecture] && (file === undefined || !basename(file).includes("musl"))
  );
}

/** Where Node would find a package from there. */
function packageFolder(name: string, from: string): string {
  const here = join(from, "node_modules", name);
  if (existsSync(here)) return here;
  if (dirname(from) === from) throw new Error(`the package ${name} is not installed: run npm ci`);
  return packageFolder(name, dirname(from));
}
