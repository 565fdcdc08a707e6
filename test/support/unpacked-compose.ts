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
  const installed = join(bin, "sluicegate");
  await writeFile(installed, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(installed, 0o755);
  const script = (env: NodeJS.ProcessEnv, addresses: readonly string[]) =>
    spawnSync("sh", [join(here, "first-secrets.sh"), ...addresses], { encoding: "utf8", env });
  const run = (...addresses: string[]) =>
    script({ ...process.env, PATH: `${bin}:${process.env["PATH"]}` }, addresses);
  /** On a machine where there is no docker; `program` is the installed one, where it is named. */
  const runWithoutDocker = ({ isNamed }: { readonly isNamed: boolean }) =>
    script({ PATH: "/usr/bin:/bin", ...(isNamed && { SLUICEGATE_PROGRAM: installed }) }, []);
  return { here, run, runWithoutDocker };
}
