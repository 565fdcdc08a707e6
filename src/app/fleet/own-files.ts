/**
 * Which files a fleet may read and replace: those below the folder of the configuration. Whoever applies
 * a bundle is often root, and the folder may be another's.
 */
import { constants } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { GatewayError } from "../../core/errors.ts";
import { systemCode } from "../../core/system-reason.ts";

/** Throws `usage` for a path out of the folder, be it by a link on its way or in a list that somebody else wrote. */
export async function refuseStrangers(beside: string, paths: readonly string[]): Promise<void> {
  const home = await realpath(beside);
  for (const path of paths) {
    const way = relative(home, join(await realParent(path), basename(path)));
    if (way.startsWith("..") || isAbsolute(way))
      throw new GatewayError("usage", `${path} leads out of ${beside}; nothing was changed`);
  }
}

/** Of the part of a path that is there; the rest is made below it. */
async function realParent(path: string): Promise<string> {
  const parent = dirname(path);
  return realpath(parent).catch((thrown: unknown) => {
    if (systemCode(thrown) !== "ENOENT" || parent === path) throw thrown;
    return realParent(parent).then((found) => join(found, basename(parent)));
  });
}

/**
 * Undefined where there is no such file. Throws `usage` for a link: what it leads to, this user may read
 * and others may not.
 */
export async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, {
      encoding: "utf8",
      flag: constants.O_RDONLY | constants.O_NOFOLLOW,
    });
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return undefined;
    if (systemCode(thrown) !== "ELOOP") throw thrown;
    throw linked(path);
  }
}

/** What is said of a link where none may be. */
export function linked(path: string): GatewayError {
  return new GatewayError(
    "usage",
    `${path} is a link: put the real one there; nothing was changed`,
  );
}
