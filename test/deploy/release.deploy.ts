/** A release, made twice in different places, at the same time. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { version } from "../../src/app/version.ts";
import { house } from "../support/house-copy.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Releases what git tracks, or would, out of a folder. */
async function releaseIn(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: house,
    encoding: "utf8",
  });
  for (const file of files.split("\0").filter((name) => name && existsSync(join(house, name)))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(house, file), join(folder, file));
  }
  await symlink(join(house, "node_modules"), join(folder, "node_modules"));
  await promisify(execFile)("npm", ["run", "--silent", "release"], {
    ...{ cwd: folder, env: { ...process.env, ...env } },
  });
  return join(folder, "release");
}

it("a release has the same bytes wherever and whenever it is made, and says what they are", async () => {
  const root = await tempFolder();
  const [one, other] = await Promise.all([
    releaseIn(join(root, "one"), { TZ: "UTC", LC_ALL: "C", NODE_ENV: "production" }),
    releaseIn(join(root, "far/deeper/two"), {
      ...{ TZ: "Asia/Kathmandu", LC_ALL: "C.UTF-8", HOME: root, NODE_ENV: "development" },
    }),
  ]);
  const names = await readdir(one);
  const withoutNode = names.filter((name) => !name.startsWith("sluicegate-node_"));
  expect(withoutNode.sort()).toEqual([
    ...["SHA256SUMS", "THIRD-PARTY-NOTICES.txt", "install.sh"],
    ...[`sluicegate-${version}.cdx.json`, `sluicegate-${version}.tgz`],
    ...["amd64", "arm64", "armhf"].map((kind) => `sluicegate_${version}_${kind}.deb`),
  ]);
  // What the page promises to boxes whose Debian has no Node that is new enough.
  expect(names.filter((name) => !withoutNode.includes(name)).sort()).toEqual(
    ["amd64", "arm64"].map((kind) =>
      expect.stringMatching(`^sluicegate-node_\\d+\\.\\d+\\.\\d+_${kind}\\.deb$`),
    ),
  );
  expect(await readFile(join(other, "SHA256SUMS"), "utf8")).toBe(
    await readFile(join(one, "SHA256SUMS"), "utf8"),
  );
  const checked = spawnSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], {
    ...{ cwd: other, encoding: "utf8" },
  });
  expect(checked.stdout.trim().split("\n")).toHaveLength(names.length - 1);
  expect(checked.status, checked.stderr).toBe(0);
});
