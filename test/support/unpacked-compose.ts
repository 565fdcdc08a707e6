import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { program } from "./gateway-program.ts";
import { house } from "./house-copy.ts";
import { tempFolder } from "./temp-folder.ts";

/** The folder as it is unpacked, and a docker that runs the program of this house in its place. */
export async function unpackedCompose() {
  const root = await tempFolder();
  for (const part of ["deploy/compose", "deploy/certificates.sh", "deploy/nats", "config/rules"]) {
    await mkdir(dirname(join(root, part)), { recursive: true });
    await cp(join(house, part), join(root, part), { recursive: true });
  }
  const here = join(root, "deploy/compose");
  const bin = join(root, "bin");
  await mkdir(bin);
  const docker = `#!/bin/sh
while [ "$1" != sluicegate:test ]; do shift; done
shift
cd "${here}/site" && exec "${process.execPath}" "${program}" "$@"
`;
  await writeFile(join(bin, "docker"), docker);
  await chmod(join(bin, "docker"), 0o755);
  const run = (...addresses: string[]) =>
    spawnSync("sh", [join(here, "first-secrets.sh"), ...addresses], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}` },
    });
  return { here, run };
}
