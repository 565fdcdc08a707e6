/** The pages of the repository, and what is wrong with their links. */
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { addressOf, relativeAddress, targetOf } from "./links.ts";
import { type Page, readPage } from "./read-page.ts";

const roots = ["config", "deploy", "devices", "src", "test"];

export interface Documents {
  /** By the path of their file, in order. */
  readonly pages: ReadonlyMap<string, Page>;
  /** Other files that pages link to. */
  readonly files: ReadonlySet<string>;
  /** Links that lead nowhere: `src/README.md: ../nothing.md`. */
  readonly deadLinks: readonly string[];
}

export async function readDocuments(home: string): Promise<Documents> {
  const pages = new Map<string, Page>();
  const files = new Set<string>();
  for (const file of await documentsOf(home)) {
    const place = (href: string): string => {
      const target = targetOf(href, file);
      if (!target) return href;
      const shown = shownFile(home, target.path);
      if (!shown.endsWith(".md")) files.add(shown);
      const to = relativeAddress(addressOf(file), addressOf(shown));
      return target.anchor === "" ? to : `${to}#${target.anchor}`;
    };
    pages.set(file, readPage(await readFile(join(home, file), "utf8"), place));
  }
  const deadLinks = [...pages].flatMap(([file, { links }]) =>
    links.filter((href) => isDead(home, pages, file, href)).map((href) => `${file}: ${href}`),
  );
  return { pages, files: await onlyFiles(home, files), deadLinks };
}

/** All Markdown of the repository. */
async function documentsOf(home: string): Promise<readonly string[]> {
  const own = (await readdir(home)).filter((name) => name.endsWith(".md"));
  const below = await Promise.all(
    roots.map(async (root) =>
      (await readdir(join(home, root), { recursive: true }))
        .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
        .map((name) => `${root}/${name}`),
    ),
  );
  return [...own, ...below.flat()].sort();
}

/** A folder is shown by its page. */
function shownFile(home: string, path: string): string {
  const page = path === "" || path === "." ? "README.md" : `${path}/README.md`;
  return !path.endsWith(".md") && existsSync(join(home, page)) ? page : path;
}

function isDead(
  home: string,
  pages: ReadonlyMap<string, Page>,
  from: string,
  href: string,
): boolean {
  const target = targetOf(href, from);
  if (!target) return false;
  if (target.path.startsWith("..") || !existsSync(join(home, target.path))) return true;
  if (target.anchor === "") return false;
  return !(pages.get(shownFile(home, target.path))?.anchors.has(target.anchor) ?? false);
}

async function onlyFiles(home: string, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const kept: string[] = [];
  for (const path of paths)
    if ((await stat(join(home, path)).catch(() => undefined))?.isFile()) kept.push(path);
  return new Set(kept.sort());
}
