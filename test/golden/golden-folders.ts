/** The golden data folders, and what tests do to copies of them. */
import { cp, mkdir, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KeyRing, noKeys } from "../../src/buffer/encryption/key-ring.ts";
import { checksum } from "../../src/buffer/format/checksum.ts";
import { segmentHeaderBytes, segmentVersion } from "../../src/buffer/format/segment-header.ts";

const golden = fileURLToPath(new URL(".", import.meta.url));

/** `v1/closed`, `v1/killed`, ... */
export async function goldenFolders(): Promise<string[]> {
  const versions = (await readdir(golden)).filter((name) => /^v\d+$/.test(name));
  const folders = versions.map(async (version) =>
    (await readdir(join(golden, version))).map((name) => join(version, name)),
  );
  return (await Promise.all(folders)).flat();
}

const key = Buffer.alloc(32, "golden");

/** What a golden folder is encrypted with; the key of those that are is this one. */
export function keysOf(name: string): KeyRing {
  return isEncrypted(name) ? new KeyRing(key) : noKeys;
}

/** The same as lines of a configuration; its file is written into `home`. */
export async function keyLinesOf(name: string, home: string): Promise<string> {
  if (!isEncrypted(name)) return "";
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "buffer.key"), key.toString("hex"), { mode: 0o600 });
  return "buffer: { encryption: { key: { file: buffer.key } } }\n";
}

function isEncrypted(name: string): boolean {
  return /^v3\b/.test(name);
}

/** Copies the log of a golden folder; gives the events that were in it, one line each. */
export async function copyGolden(name: string, logFolder: string): Promise<string[]> {
  await cp(join(golden, name, "log"), logFolder, { recursive: true });
  return (await readFile(join(golden, name, "events.ndjson"), "utf8")).trimEnd().split("\n");
}

/**
 * Makes the newest segment one of a later version, as that version writes its header; gives its name.
 * `isMarked: false` leaves the checksum as it was: then nobody can tell that it is not just damaged.
 */
export async function makeNewer(logFolder: string, isMarked = true): Promise<string> {
  const names = (await readdir(logFolder)).filter((name) => name.endsWith(".seg")).sort();
  const name = names.at(-1) ?? "";
  const file = await open(join(logFolder, name), "r+");
  const header = Buffer.alloc(segmentHeaderBytes);
  await file.read(header, 0, header.length, 0);
  header.writeUInt16LE(segmentVersion + 1, 8);
  if (isMarked) header.writeUInt32LE(checksum(header, 0, 124, 0), 124);
  await file.write(header, 0, header.length, 0);
  await file.close();
  return name;
}

/** Every file of a folder with its content and the time of its last change. */
export async function filesIn(folder: string): Promise<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    facts[path] = `${(await stat(path)).mtimeMs} ${(await readFile(path)).toString("base64")}`;
  }
  return facts;
}
