/**
 * Makes a release in `release/`: the package, the Debian packages with Node for boxes that have none, what
 * is inside of them for machines and for people, and the checksums of all of it. The same sources give the
 * same bytes, in whatever folder and at whatever time.
 *
 *   npm run release
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "../src/app/version.ts";
import { bundleSettings } from "./bundle-settings.ts";

const home = bundleSettings.absWorkingDir;
const folder = join(home, "release");

await rm(folder, { recursive: true, force: true });
await mkdir(folder);
// It builds first (`prepack`).
run("npm", "pack", "--silent", "--pack-destination", folder);
run("npx", "tsx", "deploy/debian/build-packages.ts", folder, version);
run("npx", "tsx", "deploy/debian/build-node.ts", folder);
await copyFile(join(home, "deploy/install.sh"), join(folder, "install.sh"));
await copyFile(join(home, "dist/sbom.cdx.json"), join(folder, `sluicegate-${version}.cdx.json`));
await copyFile(join(home, "dist/THIRD-PARTY-NOTICES.txt"), join(folder, "THIRD-PARTY-NOTICES.txt"));
await writeFile(join(folder, "SHA256SUMS"), await checksumsOf(folder));
process.stdout.write(`version ${version} is in ${folder}\n`);

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
}

/** As `sha256sum -c` reads them. */
async function checksumsOf(of: string): Promise<string> {
  const lines = (await readdir(of)).sort().map(async (name) => {
    const digest = createHash("sha256").update(await readFile(join(of, name)));
    return `${digest.digest("hex")}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}
