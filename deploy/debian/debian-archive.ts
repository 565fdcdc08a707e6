/** A folder, made into a Debian package: the same files give the same bytes, at whatever time. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { releasedMs } from "../../src/app/version.ts";

export const architectures = ["amd64", "arm64", "armhf"] as const;
export type Architecture = (typeof architectures)[number];

/** What `dpkg` knows of a package, by the names of its fields. */
export type ControlFields = Readonly<Record<string, string>>;

/** A version as Debian compares them: what leads to a release comes before it. */
export function debianVersion(version: string): string {
  return version.replace("-", "~");
}

/** Packs what stands in `root`, with maintainer scripts by name; gives the path of the archive. */
export async function packDebian(
  root: string,
  fields: ControlFields,
  scripts: Readonly<Record<string, string>>,
  into: string,
): Promise<string> {
  const files = await settleModes(root);
  const control = join(root, "DEBIAN");
  await mkdir(control);
  const sums = files.map(async (path) => {
    const digest = createHash("md5").update(await readFile(join(root, path)));
    return `${digest.digest("hex")}  ${path}\n`;
  });
  await writeFile(join(control, "md5sums"), (await Promise.all(sums)).join(""));
  const installedKiB = Math.ceil((await sizeOf(root, files)) / 1024);
  const all = { ...fields, "Installed-Size": String(installedKiB) };
  const text = Object.entries(all).map(([name, value]) => `${name}: ${value}\n`);
  await writeFile(join(control, "control"), text.join(""));
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(control, name), script, { mode: 0o755 });
  for (const name of await readdir(control))
    await chmod(join(control, name), name in scripts ? 0o755 : 0o644);
  await chmod(control, 0o755);

  const { Package: name, Version: version, Architecture: architecture } = fields;
  const archive = join(into, `${name}_${version}_${architecture}.deb`);
  // One thread: how many there are is seen in the bytes.
  const how = ["--root-owner-group", "-Zxz", "--threads-max=1", "--build"];
  execFileSync("dpkg-deb", [...how, root, archive], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(releasedMs / 1_000)) },
  });
  return archive;
}

/** Anybody reads everything and root writes it, whatever the mask is here; gives all files, sorted. */
async function settleModes(root: string): Promise<string[]> {
  await chmod(root, 0o755);
  const paths = (await readdir(root, { recursive: true })).sort();
  const files: string[] = [];
  for (const path of paths) {
    const found = await lstat(join(root, path));
    if (found.isSymbolicLink()) continue;
    const runs = found.isDirectory() || (found.mode & 0o100) !== 0;
    await chmod(join(root, path), runs ? 0o755 : 0o644);
    if (found.isFile()) files.push(path);
  }
  return files;
}

async function sizeOf(root: string, files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (path) => (await lstat(join(root, path))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
