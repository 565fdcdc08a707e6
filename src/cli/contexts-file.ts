/** Gateways elsewhere by name: where their API is, and a token, in a file that only its owner reads. */
import { mkdir, open } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { replaceFile } from "../app/replace-file.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";

export interface Context {
  /** `https://gw1.plant-a.example`. */
  readonly url: string;
  readonly token: string;
  /** Certificates of who signed the server's, as PEM; else those of the system count. */
  readonly ca?: string;
}

export interface Contexts {
  readonly current: string | null;
  readonly contexts: Readonly<Record<string, Context>>;
}

/**
 * As the file has them; none where there is no file. Warns where others may read the tokens in it; throws
 * `config.unreadable` where others may write it.
 */
export async function readContexts(): Promise<Contexts> {
  const path = contextsPath();
  try {
    const file = await open(path, "r");
    try {
      keepFromOthers(path, (await file.stat()).mode);
      return contextsIn(JSON.parse(await file.readFile("utf8")));
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    if (systemCode(thrown) === "ENOENT") return { current: null, contexts: {} };
    throw new GatewayError("config.unreadable", `cannot read ${path}: ${systemReason(thrown)}`, {
      cause: thrown,
    });
  }
}

/**
 * For who named none: a file that this user may not read, or a home that is nobody's, has none in use and
 * keeps nobody from this machine. One that can be read and makes no sense still throws.
 */
export async function contextsInReach(): Promise<Contexts> {
  return readContexts().catch((thrown: unknown) => {
    const isOutOfReach = thrown instanceof GatewayError && systemCode(thrown.cause) !== undefined;
    if (isOutOfReach) return { current: null, contexts: {} };
    throw thrown;
  });
}

/** Whoever may write an address there has commands and tokens sent to a place of theirs. */
function keepFromOthers(path: string, mode: number): void {
  if ((mode & 0o022) !== 0)
    throw new GatewayError(
      "config.unreadable",
      `${path} is not used: others may write where tokens are sent; see that its addresses are yours, ` +
        `then chmod 600 ${path}`,
    );
  if ((mode & 0o044) !== 0)
    process.stderr.write(
      `warning: others may read the tokens in ${path}: chmod 600 ${path}, ` +
        "and make new ones where others may have looked\n",
    );
}

/** Replaces the file as a whole; whatever rights it had, its owner alone may read it then. */
export async function writeContexts(contexts: Contexts): Promise<void> {
  const path = contextsPath();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(() => {});
  const text = `${JSON.stringify(contexts, undefined, 2)}\n`;
  await replaceFile(path, text, { newMode: 0o600, mostMode: 0o600 });
}

function contextsPath(): string {
  const { XDG_CONFIG_HOME: folder } = process.env;
  return join(folder || join(homeFolder(), ".config"), "sluicegate", "contexts.json");
}

/** A user of a container may stand in no list of users. */
function homeFolder(): string {
  try {
    return homedir();
  } catch (thrown) {
    const why = "this user has no home folder: set HOME or XDG_CONFIG_HOME";
    throw new GatewayError("config.unreadable", why, { cause: thrown });
  }
}

function contextsIn(value: unknown): Contexts {
  const { contexts, current } = isObject(value) ? value : {};
  const found: Record<string, Context> = {};
  for (const [name, one] of Object.entries(isObject(contexts) ? contexts : {})) {
    const { ca, token, url } = isObject(one) ? one : {};
    if (typeof url !== "string" || typeof token !== "string") continue;
    found[name] = { url, token, ...(typeof ca === "string" && { ca }) };
  }
  return { current: typeof current === "string" ? current : null, contexts: found };
}
