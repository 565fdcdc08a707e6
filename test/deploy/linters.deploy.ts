/** The files for containers and clusters, held against the schemas of those who read them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { house } from "../support/house-copy.ts";
import { tempFolder } from "../support/temp-folder.ts";

const folder = join(house, ".cache/linters");
const deploy = join(house, "deploy");
const isHere = existsSync(join(folder, "bin/hadolint"));
if (!isHere) process.stdout.write(`not run: linters (${folder} has none: setup.sh --deploy)\n`);

function lint(program: string, ...args: string[]) {
  const env = { ...process.env, PYTHONPATH: folder };
  const { status, stderr, stdout } = spawnSync(join(folder, "bin", program), args, {
    ...{ env, encoding: "utf8" },
  });
  return { status, said: stdout + stderr };
}

describe.runIf(isHere)("linters", () => {
  it("find no fault with the Dockerfile", () => {
    expect(lint("hadolint", join(deploy, "Dockerfile"))).toEqual({ status: 0, said: "" });
  });

  it("take the compose file as one of its specification, and no field that is not", async () => {
    const compose = join(deploy, "compose/compose.yaml");
    const against = ["--builtin-schema", "vendor.compose-spec"];
    expect(lint("check-jsonschema", ...against, compose)).toMatchObject({ status: 0 });
    const wrong = join(await tempFolder(), "compose.yaml");
    await writeFile(wrong, (await readFile(compose, "utf8")).replace("cap_drop", "capdrop"));
    expect(lint("check-jsonschema", ...against, wrong)).toMatchObject({ status: 1 });
  });

  it("take every manifest as Kubernetes does, and no field that it does not know", async () => {
    const base = join(deploy, "kubernetes/base");
    const files = (await readdir(base)).filter((name) => /(?<!kustomization)\.yaml$/.test(name));
    const paths = files.map((name) => join(base, name));
    expect(lint("kubernetes-validate", "--strict", ...paths)).toMatchObject({ status: 0 });
    const wrong = join(await tempFolder(), "processor.yaml");
    const processor = await readFile(join(base, "processor.yaml"), "utf8");
    await writeFile(wrong, processor.replace("readOnlyRootFilesystem", "readOnlyRootFileSystem"));
    expect(lint("kubernetes-validate", "--strict", wrong)).toMatchObject({ status: 1 });
  });
});
