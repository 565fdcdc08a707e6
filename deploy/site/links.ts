/** Where a link of a page leads on the site. */
import { posix } from "node:path";

export interface Target {
  /** The file or folder of the repository that is meant; "" for the page itself. */
  readonly path: string;
  /** Without `#`; "" for its beginning. */
  readonly anchor: string;
}

/** What a link of the page at `from` means; undefined where it leads out of the repository. */
export function targetOf(href: string, from: string): Target | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return undefined;
  const [path = "", anchor = ""] = href.split("#", 2);
  const joined = path === "" ? from : posix.join(posix.dirname(from), decodeURI(path));
  return { path: joined.replace(/\/$/, ""), anchor };
}

/** Where the page of a file is on the site, below its root. */
export function addressOf(file: string): string {
  if (file === "README.md") return "index.html";
  return file.replace(/README\.md$/, "index.md").replace(/\.md$/, ".html");
}

/** The address of `to` as the page at `from` writes it; both below the root of the site. */
export function relativeAddress(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to) || posix.basename(to);
}

/** The name that a heading gets, as GitHub makes it; the second of its kind ends in `-1`. */
export function createAnchors(): (heading: string) => string {
  const counts = new Map<string, number>();
  return (heading) => {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  };
}
