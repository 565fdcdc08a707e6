/**
 * What of a fleet is in place on a machine, in a folder `.fleet` beside its configuration:
 * `state.json` says which version and which files; `former.json` has what the last change replaced;
 * `changing` is there while a change is under way.
 */
import { constants } from "node:fs";
import { lstat, mkdir, open, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GatewayError } from "../../core/errors.ts";
import { isObject } from "../../core/is-object.ts";
import { replaceFile } from "../replace-file.ts";
import { linked, refuseStrangers, textAt } from "./own-files.ts";

interface Former {
  /** Undefined: no fleet was in place. */
  readonly version?: number | undefined;
  /** By path; null where there was no such file. */
  readonly files: Readonly<Record<string, string | null>>;
}

export class FleetState {
  readonly #beside: string;
  readonly #folder: string;
  #version: number | undefined;
  #files: readonly string[];

  private constructor(beside: string, version: number | undefined, files: readonly string[]) {
    this.#beside = beside;
    this.#folder = folderOf(beside);
    this.#version = version;
    this.#files = files;
  }

  /** Undoes a change that was cut off. `beside`: the folder of the configuration. */
  static async open(beside: string): Promise<FleetState> {
    const folder = folderOf(beside);
    if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink()) throw linked(folder);
    if ((await textAt(join(folder, "changing"))) !== undefined) await putBack(beside);
    const state: unknown = JSON.parse((await textAt(join(folder, "state.json"))) ?? "{}");
    const { files, version } = isObject(state) ? state : {};
    return new FleetState(
      beside,
      typeof version === "number" ? version : undefined,
      Array.isArray(files) ? files.filter((path) => typeof path === "string") : [],
    );
  }

  /** What is in place; undefined before the first bundle. */
  get version(): number | undefined {
    return this.#version;
  }

  /** Puts files in place, the configuration last, and takes away those of before that are none any more; gives what changed. */
  async replace(version: number, texts: ReadonlyMap<string, string>): Promise<readonly string[]> {
    const gone = this.#files.filter((path) => !texts.has(path));
    await refuseStrangers(this.#beside, [...texts.keys(), ...gone]);
    const before: Record<string, string | null> = {};
    for (const path of [...texts.keys(), ...gone]) before[path] = (await textAt(path)) ?? null;
    const changed = Object.keys(before).filter(
      (path) => (texts.get(path) ?? null) !== before[path],
    );
    await makeFolder(this.#folder);
    const former: Former = { version: this.#version, files: before };
    await write(join(this.#folder, "former.json"), JSON.stringify(former));
    await write(join(this.#folder, "changing"), String(version));
    try {
      for (const path of changed) {
        const text = texts.get(path);
        if (text === undefined) await rm(path, { force: true });
        else await write(path, text);
      }
    } catch (thrown) {
      // Where that fails as well, the next look undoes it.
      await putBack(this.#beside).catch(() => {});
      throw thrown;
    }
    await this.#settle(version, [...texts.keys()]);
    return changed;
  }

  /** Puts back what the last change replaced; gives the version of before. Throws `usage` where nothing was kept. */
  async goBack(): Promise<number | undefined> {
    const former = await formerOf(this.#folder);
    await write(join(this.#folder, "changing"), "back");
    await putBack(this.#beside);
    this.#version = former.version;
    return former.version;
  }

  async #settle(version: number, files: readonly string[]): Promise<void> {
    await write(join(this.#folder, "state.json"), JSON.stringify({ version, files }));
    await unlink(join(this.#folder, "changing"));
    this.#version = version;
    this.#files = files;
  }
}

async function formerOf(folder: string): Promise<Former> {
  const text = await textAt(join(folder, "former.json"));
  if (text === undefined)
    throw new GatewayError(
      "usage",
      "nothing was kept to go back to; apply an older bundle with --rollback",
    );
  const former: Former = JSON.parse(text);
  return former;
}

/** As it was before the last change. May be done again, however far it came. */
async function putBack(beside: string): Promise<void> {
  const folder = folderOf(beside);
  const { files, version } = await formerOf(folder);
  await refuseStrangers(beside, Object.keys(files));
  for (const [path, text] of Object.entries(files))
    if (text === null) await rm(path, { force: true });
    else await write(path, text);
  const there = Object.keys(files).filter((path) => files[path] !== null);
  const state = version === undefined ? {} : { version, files: there };
  await write(join(folder, "state.json"), JSON.stringify(state));
  await rm(join(folder, "changing"), { force: true });
}

function folderOf(beside: string): string {
  return join(beside, ".fleet");
}

/** The service reads these files, and whoever types this may be root. */
function write(path: string, text: string): Promise<void> {
  return replaceFile(path, text, { newMode: 0o640 });
}

/**
 * The folder of all this: the service user may look whether a change was cut off, but only who may
 * write beside it may write in it. Throws `usage` where somebody put a link in its place.
 */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const { gid, uid } = await stat(dirname(folder));
  const handle = await open(folder, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.chown(uid, gid).catch(() => {});
    await handle.chmod(0o750).catch(() => {});
  } finally {
    await handle.close();
  }
}
