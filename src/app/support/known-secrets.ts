/**
 * What must not leave this machine, found before anything is written: values of the environment, what
 * the configuration refers to, and whatever stands in files that it names. Rather too much than too
 * little: a word that is harmless and covered costs nobody anything.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathIn } from "../../config/path-in.ts";
import { isObject } from "../../core/is-object.ts";
import { isSecretName } from "../../core/mask-secrets.ts";

/** Shorter values are words that stand everywhere. */
const shortestValue = 6;
/** Words of files are taken for secrets from here on: names of devices are shorter, or plain words. */
const shortestWord = 10;
const mostFileBytes = 1_048_576;
/** Longer files are lists and keys, of which each word counts. */
const longestPhrase = 256;
/** Where a unit of systemd has what its service is given. */
const units = "/etc/systemd/system";
const environmentFile = "/etc/default/sluicegate";

/** Variables that every machine has, and that say nothing of anybody. */
const harmless =
  /^(PATH|HOME|PWD|OLDPWD|SHELL|TERM|LANG|LANGUAGE|LC_\w+|USER|LOGNAME|HOSTNAME|TZ|SHLVL|_|EDITOR|PAGER|TMPDIR|NODE_\w+|XDG_\w+|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_\w+)$/;

export interface SecretPlaces {
  /** Folder of the configuration. */
  readonly folder: string;
  /** The configuration as it is written, and as it counts, with defaults; undefined where it cannot be read. */
  readonly written: unknown;
  readonly env: NodeJS.ProcessEnv;
}

export async function knownSecrets(places: SecretPlaces): Promise<ReadonlySet<string>> {
  const { env, folder, written } = places;
  const found = new Set<string>();
  const take = (value: string, shortest = shortestValue): void => {
    if (value.length >= shortest) found.add(value);
  };
  for (const [name, value = ""] of Object.entries(env)) {
    if (harmless.test(name)) continue;
    take(value.trim());
    for (const part of loginIn(value)) take(part);
  }
  const texts = new Set<string>();
  collect(written, false, (text, isSecret) => {
    if (isSecret) take(text);
    texts.add(text);
  });
  const files = [...texts].map((text) => pathIn(folder, text));
  for (const unit of await namesIn(units))
    if (/^sluicegate.*\.d$/.test(basename(unit))) files.push(...(await namesIn(unit)));
  const credentials = [env["CREDENTIALS_DIRECTORY"] ?? [], join(folder, "credentials")].flat();
  const secretFiles = new Set([...references(written)].map((path) => pathIn(folder, path)));
  for (const place of credentials) for (const file of await namesIn(place)) secretFiles.add(file);
  for (const file of [...files, ...secretFiles, environmentFile]) {
    const text = await textOf(file);
    // A phrase of short words is a secret as a whole.
    if (secretFiles.has(file) && text.length <= longestPhrase) take(text.trim());
    for (const word of text.split(/[\s"',:;={}[\]()]+/))
      if (/\d/.test(word) || word.length >= 2 * shortestWord) take(word, shortestWord);
    for (const line of text.split("\n")) for (const part of loginIn(line)) take(part);
  }
  return found;
}

/** User and password of an address, each as it stands there and as it is meant. */
function loginIn(text: string): readonly string[] {
  const written = /:\/\/([^\s"'<>/]{1,512})@/.exec(text)?.[1] ?? "";
  const colon = written.indexOf(":");
  const password = colon < 0 ? written : written.slice(colon + 1);
  return [password, unescaped(password)];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Paths of `{ file: path }`. */
function references(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const one of value) references(one, found);
  else if (isObject(value)) {
    const { file } = value;
    if (isReference(value) && typeof file === "string") found.add(file);
    for (const one of Object.values(value)) references(one, found);
  }
  return found;
}

/** Every text of a value, and whether it stands behind the name of a secret. */
function collect(
  value: unknown,
  isSecret: boolean,
  tell: (text: string, isSecret: boolean) => void,
): void {
  if (typeof value === "string") tell(value, isSecret);
  else if (Array.isArray(value)) for (const one of value) collect(one, isSecret, tell);
  else if (isObject(value))
    for (const [name, one] of Object.entries(value))
      collect(one, (isSecret || isSecretName(name)) && !isReference(one), tell);
}

/** `{ env: NAME }`, `{ file: path }`: it names a secret, and is none. */
function isReference(value: unknown): boolean {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  return names.length === 1 && ["env", "file", "credential"].includes(names[0] ?? "");
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
}

async function textOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > mostFileBytes || path.endsWith(".sock")) return "";
  return readFile(path, "utf8").catch(() => "");
}
