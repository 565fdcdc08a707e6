import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { replaceConfig } from "../../src/app/change-config.ts";
import { replaceFile } from "../../src/app/replace-file.ts";
import { tempFolder } from "../support/temp-folder.ts";

const newMode = 0o640;

it("who writes at the same time leaves one whole file and no draft", async () => {
  const folder = await tempFolder();
  const path = join(folder, "sluicegate.yaml");
  await writeFile(path, "0\n");
  const texts = Array.from({ length: 20 }, (_, n) => `${n}\n`.repeat(20_000 + n));
  await Promise.all(texts.map((text) => replaceConfig(path, text)));
  expect(texts).toContain(await readFile(path, "utf8"));
  expect(await readdir(folder)).toEqual(["sluicegate.yaml"]);
});

it("a link that others planted beside a file, or in its place, is not written through", async () => {
  const folder = await tempFolder();
  const [path, victim] = [join(folder, "sluicegate.yaml"), join(folder, "victim")];
  await writeFile(path, "old\n");
  await writeFile(victim, "of somebody else\n");
  await symlink(victim, `${path}.new`);
  await replaceConfig(path, "new\n");
  await symlink(victim, join(folder, "users"));
  await replaceFile(join(folder, "users"), "joe\n", { newMode });
  expect(await readFile(victim, "utf8")).toBe("of somebody else\n");
  expect(await readFile(path, "utf8")).toBe("new\n");
  expect(await readFile(join(folder, "users"), "utf8")).toBe("joe\n");
  expect((await stat(join(folder, "users"))).mode & 0o777).toBe(newMode);
});

it("a configuration that is a link stays one; the file behind it is replaced", async () => {
  const folder = await tempFolder();
  const [link, file] = [join(folder, "sluicegate.yaml"), join(folder, "versions", "7.yaml")];
  await mkdir(join(folder, "versions"));
  await writeFile(file, "old\n");
  await symlink(file, link);
  expect(await replaceConfig(link, "new\n")).toBe("old\n");
  expect([await readFile(file, "utf8"), await readdir(join(folder, "versions"))]).toEqual([
    "new\n",
    ["7.yaml"],
  ]);
});

it("a file keeps its rights, at most those that are allowed, and its owner", async () => {
  const path = join(await tempFolder(), "contexts.json");
  await writeFile(path, "{}");
  await chmod(path, 0o664);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(path, 4711, 4712);
  await replaceFile(path, "{ }", { newMode });
  expect((await stat(path)).mode & 0o777).toBe(0o664);
  await replaceFile(path, "{  }", { newMode: 0o600, mostMode: 0o600 });
  const { gid, mode, uid } = await stat(path);
  expect(mode & 0o777).toBe(0o600);
  if (isRoot) expect([uid, gid]).toEqual([4711, 4712]);
});

it("what cannot be put in place leaves no draft behind", async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, "users"));
  await writeFile(join(folder, "users", "joe"), "");
  await expect(replaceFile(join(folder, "users"), "x", { newMode })).rejects.toMatchObject({
    code: "output.unwritable",
    message: expect.stringContaining("cannot write"),
  });
  expect(await readdir(folder)).toEqual(["users"]);
});
