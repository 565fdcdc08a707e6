import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes a package whose program takes every configuration and never starts, made of another package. */
export async function brokenPackage(from: string, into: string, version: string): Promise<void> {
  const name = (await readdir(from)).find((file) => file.endsWith("_amd64.deb")) ?? "";
  const root = await mkdtemp(join(tmpdir(), "sluicegate-broken-"));
  execFileSync("dpkg-deb", ["-R", join(from, name), root]);
  const control = join(root, "DEBIAN/control");
  const fields = await readFile(control, "utf8");
  await writeFile(control, fields.replace(/^Version: .*$/m, `Version: ${version}`));
  const homes = join(root, "usr/lib/sluicegate");
  const [home = ""] = await readdir(homes);
  const program = 'if (process.argv[2] === "up") process.exit(78);\n';
  await writeFile(join(homes, home, "dist/sluicegate.js"), program);
  execFileSync("dpkg-deb", ["-b", root, join(into, `sluicegate_${version}_amd64.deb`)]);
  await rm(root, { recursive: true });
}
