import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { readWhole, replaceWhole } from "../../src/core/whole-file.ts";
import { writeAll } from "../../src/core/write-all.ts";
import { tempFolder } from "../support/temp-folder.ts";

const replace = (folder: string, text: string) =>
  replaceWhole(nodeDisk, folder, "page", (file) => writeAll(file, [Buffer.from(text)], 0));

describe("a file that is replaced as a whole", () => {
  it("is made where there is none, and given open for writing on", async () => {
    const folder = await tempFolder();
    const file = await replace(folder, "one");
    await writeAll(file, [Buffer.from(" more")], 3);
    await file.close();
    expect(await readFile(join(folder, "page"), "utf8")).toBe("one more");
  });

  it("takes the place of what a process left that was killed at it", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "page"), "old and long");
    await writeFile(join(folder, "page.new"), "half");
    await (await replace(folder, "new")).close();
    expect(await readdir(folder)).toEqual(["page"]);
    expect((await readWhole(nodeDisk, join(folder, "page"))).toString()).toBe("new");
  });

  it("stays as it was when the new content cannot be written", async () => {
    const folder = await tempFolder();
    await (await replace(folder, "old")).close();
    const full = () => Promise.reject(new Error("no room"));
    await expect(replaceWhole(nodeDisk, folder, "page", full)).rejects.toThrow("no room");
    expect((await readWhole(nodeDisk, join(folder, "page"))).toString()).toBe("old");
  });

  it("is read no further than was asked for", async () => {
    const folder = await tempFolder();
    await (await replace(folder, "a long page")).close();
    expect((await readWhole(nodeDisk, join(folder, "page"), 6)).toString()).toBe("a long");
  });
});

it("writes nothing where there is nothing to write, and does not take that for a full disk", async () => {
  const folder = await tempFolder();
  const file = await replaceWhole(nodeDisk, folder, "page", async (empty) => {
    await writeAll(empty, [Buffer.alloc(0), Buffer.from("a"), Buffer.alloc(0)], 0);
    await writeAll(empty, [Buffer.alloc(0)], 1);
  });
  await file.close();
  expect(String(await readWhole(nodeDisk, join(folder, "page")))).toBe("a");
});
