/**
 * What of a fleet is in place on a machine, in a folder `.fleet` beside its configuration:
 * `state.json` says which version and which files; `former.json` has what the last change replaced;
 * `changing` is there while a change is under way.
 */
import {
  chmod,
  chown,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { GatewayError } from "../../core/errors.ts";
import { isObject } from "../../core/is-object.ts";
import { systemCode } from "../../core/system-reason.ts";

interface Former {
  /** Undefined: no fleet was in place. */
  readonly version?: number | undefined;
  /** By path; null where there was no such file. */
  readonly files: Readonly<Record<string, string | null>>;
}

export class FleetState {
  readonly #folder: string;
  #version: number | undefined;
  #files: readonly string[];

  private constructor(folder: string, version: number | undefined, files: readonly string[]) {
    this.#folder = folder;
    this.#version = version;
    this.#files = files;
  }

  /** Undoes a change that was cut off. `beside`: the folder of the configuration. */
  static async open(beside: string): Promise<FleetState> {
    const folder = join(beside, ".fleet");
    if ((await textAt(join(folder, "changing"))) !== undefined) await putBack(folder);
    const state: unknown = JSON.parse((await textAt(join(folder, "state.json"))) ?? "{}");
    const { files, version } = isObject(state) ? state : {};
    return new FleetState(
      folder,
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
    const before: Record<string, string | null> = {};
    for (const path of [...texts.keys(), ...gone]) before[path] = (await textAt(path)) ?? null;
    const changed = Object.keys(before).filter(
      (path) => (texts.get(path) ?? null) !== before[path],
    );
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const former: Former = { version: this.#version, files: before };
    await writeDurably(join(this.#folder, "former.json"), JSON.stringify(former));
    await writeDurably(join(this.#folder, "changing"), String(version));
    try {
      for (const path of changed) {
        const text = texts.get(path);
        if (text === undefined) await rm(path, { force: true });
        else await writeDurably(path, text);
      }
    } catch (thrown) {
      // Where that fails as well, the next look undoes it.
      await putBack(this.#folder).catch(() => {});
      throw thrown;
    }
    await this.#settle(version, [...texts.keys()]);
    return changed;
  }

  /** Puts back what the last change replaced; gives the version of before. Throws `usage` where nothing was kept. */
  async goBack(): Promise<number | undefined> {
    const former = await formerOf(this.#folder);
    await writeDurably(join(this.#folder, "changing"), "back");
    await putBack(this.#folder);
    this.#version = former.version;
    return former.version;
  }

  async #settle(version: number, files: readonly string[]): Promise<void> {
    await writeDurably(join(this.#folder, "state.json"), JSON.stringify({ version, files }));
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
async function putBack(folder: string): Promise<void> {
  const { files, version } = await formerOf(folder);
  for (const [path, text] of Object.entries(files))
    if (text === null) await rm(path, { force: true });
    else await writeDurably(path, text);
  const there = Object.keys(files).filter((path) => files[path] !== null);
  const state = version === undefined ? {} : { version, files: there };
  await writeDurably(join(folder, "state.json"), JSON.stringify(state));
  await rm(join(folder, "changing"), { force: true });
}

/**
 * On the medium under its name, or not there at all. It belongs to whom the file before belonged to, a
 * new one to whom its folder does: the service reads it, and whoever types this may be root.
 */
async function writeDurably(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  const before = await stat(path).catch(() => undefined);
  const { gid, uid } = before ?? (await stat(dirname(path)));
  await writeFile(fresh, text, { mode: 0o640, flush: true });
  if (before) await chmod(fresh, before.mode & 0o777);
  await chown(fresh, uid, gid).catch(() => {});
  await rename(fresh, path);
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}
