import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { wipe } from "../../src/app/reset/wipe-file.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("a link that takes the place of a file before it is wiped leads to nothing else being wiped", async () => {
  const folder = await tempFolder();
  const [path, elsewhere] = [join(folder, "segment"), join(folder, "elsewhere")];
  await writeFile(elsewhere, "of somebody else");
  await symlink(elsewhere, path);
  await expect(wipe({ path, kind: "file", bytes: 16 })).rejects.toThrow(/ELOOP/);
  expect(await readFile(elsewhere, "utf8")).toBe("of somebody else");
});
