/**
 * Makes the documentation of the README files into a site of plain pages, in `dist/site`. Fails where a
 * link of any page leads nowhere.
 *
 *   npm run site
 */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../../src/app/version.ts";
import { chaptersOf, titles } from "./contents.ts";
import { framePage } from "./frame.ts";
import { addressOf } from "./links.ts";
import { readDocuments } from "./read-documents.ts";

const home = fileURLToPath(new URL("../..", import.meta.url));
const site = join(home, "dist/site");

const { deadLinks, files, pages } = await readDocuments(home);
const chapters = chaptersOf([...pages.keys()]);
const missing = [...pages.keys()].filter(
  (file) => !chapters.some((chapter) => chapter.pages.includes(file)),
);
const faults = [
  ...deadLinks.map((link) => `a link leads nowhere: ${link}`),
  ...missing.map((file) => `no chapter has ${file}: see deploy/site/contents.ts`),
];
if (faults.length > 0) {
  process.stderr.write(`${faults.join("\n")}\n`);
  process.exit(1);
}
const titleOf = (file: string): string => titles[file] ?? pages.get(file)?.title ?? file;

async function place(address: string): Promise<string> {
  const path = join(site, address);
  await mkdir(dirname(path), { recursive: true });
  return path;
}

await rm(site, { recursive: true, force: true });
for (const [file, page] of pages)
  await writeFile(
    await place(addressOf(file)),
    framePage({ file, page, chapters, titleOf, version }),
  );
for (const file of files) await copyFile(join(home, file), await place(file));
await copyFile(join(home, "deploy/site/site.css"), await place("site.css"));
process.stdout.write(`${pages.size} pages are in dist/site; open dist/site/index.html\n`);
