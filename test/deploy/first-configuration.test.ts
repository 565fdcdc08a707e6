import { spawnSync } from "node:child_process";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const script = fileURLToPath(
  new URL("../../deploy/debian/first-configuration.sh", import.meta.url),
);
const program = fileURLToPath(new URL("../../dist/sluicegate.js", import.meta.url));
const isLinux = process.platform === "linux";

/** A machine of this name, with a program of this text as `sluicegate`. */
async function newBox(name: string, sluicegate: string) {
  const root = await tempFolder();
  const [bin, folder] = [join(root, "bin"), join(root, "etc")];
  for (const one of [bin, folder]) await mkdir(one);
  await writeFile(join(bin, "sluicegate"), `#!/bin/sh\n${sluicegate}\n`, { mode: 0o755 });
  await writeFile(join(bin, "uname"), `#!/bin/sh\necho ${name}\n`, { mode: 0o755 });
  await writeFile(join(bin, "sync"), "#!/bin/sh\n", { mode: 0o755 });
  const begin = () => {
    const group = spawnSync("id", ["-gn"], { encoding: "utf8" }).stdout.trim();
    const env = { PATH: `${bin}:${process.env["PATH"]}` };
    const { status, stderr } = spawnSync("sh", [script, folder, group], { env, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  };
  const read = (file: string): Promise<string> => readFile(join(folder, file), "utf8");
  return { begin, folder, read };
}

describe.runIf(isLinux)("what a new box begins with", () => {
  it("is a configuration that is right, with a password that its broker knows by its hash alone", async () => {
    const { begin, folder, read } = await newBox(
      "Kitchen.local",
      `exec ${process.execPath} ${program} "$@"`,
    );
    begin();
    const loaded = await loadSite(join(folder, "sluicegate.yaml"), machineFiles({}));
    expect(loaded.ok && loaded.site.config.gateway.id).toBe("kitchen");
    const password = (await read("first-device-password")).trim();
    expect(await read("devices.yaml")).toMatch(/password_hash: \$7\$/);
    expect((await read("devices.yaml")) + (await read("sluicegate.yaml"))).not.toContain(password);
    expect((await stat(join(folder, "first-device-password"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "devices.yaml"))).mode & 0o777).toBe(0o640);
  });

  it("stays as people changed it", async () => {
    const { begin, folder, read } = await newBox("kitchen", "echo hash");
    await writeFile(join(folder, "sluicegate.yaml"), "site: mine\n");
    begin();
    const password = await read("first-device-password");
    begin();
    expect(await read("sluicegate.yaml")).toBe("site: mine\n");
    expect(await read("first-device-password")).toBe(password);
  });

  it("is a password of 160 bits and a name of its own for each of a hundred boxes of one image", async () => {
    const secrets = new Set<string>();
    const names = new Set<string>();
    for (let box = 0; box < 100; box += 1) {
      const { begin, read } = await newBox("raspberrypi", "echo hash");
      begin();
      secrets.add((await read("first-device-password")).trim());
      names.add(/id: (\S+)/.exec(await read("sluicegate.yaml"))?.[1] ?? "");
    }
    expect(secrets.size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[a-z2-7]{32}$/);
    expect(names.size).toBe(100);
  });
});
