/** The programs of a Debian for another processor, to be run by qemu. Kept between runs. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isHere } from "./programs-here.ts";

/** The first Debian whose Node is new enough. */
const suite = "trixie";

export const emulators = { arm64: "qemu-aarch64-static", armhf: "qemu-arm-static" } as const;
export type ForeignArchitecture = keyof typeof emulators;

/** Why nothing can be emulated here; undefined when it can. */
export function emulationMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "not root";
  for (const program of ["debootstrap", "dpkg-deb", ...Object.values(emulators)])
    if (!isHere(program, "--version")) return `no ${program}`;
  return undefined;
}

/** A folder with the libraries and the `nodejs` of that Debian; nothing in it was configured. */
export async function foreignTree(architecture: ForeignArchitecture): Promise<string> {
  const path = join(tmpdir(), `sluicegate-${suite}-${architecture}-1`);
  if (existsSync(path)) return path;
  const growing = await mkdtemp(`${path}-`);
  const what = ["--foreign", `--arch=${architecture}`, "--variant=minbase", "--include=nodejs"];
  execFileSync("debootstrap", [...what, suite, growing], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const archives = join(growing, "var/cache/apt/archives");
  for (const name of await readdir(archives))
    if (name.endsWith(".deb")) execFileSync("dpkg-deb", ["-x", join(archives, name), growing]);
  await rename(growing, path);
  return path;
}
