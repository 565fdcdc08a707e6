/** The pages of the documentation site, in the order in which somebody reads them. */

/** Pages that belong together. */
export interface Chapter {
  readonly title: string;
  /** Files of the repository, or folders below which every page belongs here that nobody named. */
  readonly pages: readonly string[];
}

export const contents: readonly Chapter[] = [
  { title: "Begin", pages: ["README.md", "devices/README.md", "config/rules/README.md"] },
  { title: "Run it", pages: ["deploy/"] },
  {
    title: "Rely on it",
    pages: ["src/guarantees.md", "SECURITY.md", "src/event-driven.md", "CHANGELOG.md"],
  },
  {
    title: "Look it up",
    pages: ["src/cli/README.md", "src/config/README.md", "src/api/README.md", "config/"],
  },
  { title: "Work on it", pages: ["CONTRIBUTING.md", "src/README.md", "src/", "test/"] },
];

/** What pages are called whose own title is the name of their folder. */
export const titles: Readonly<Record<string, string>> = {
  "README.md": "Quick start",
  "devices/README.md": "Connect a device in ten minutes",
  "src/cli/README.md": "Commands",
  "src/config/README.md": "Configuration, every field",
  "src/api/README.md": "HTTP API",
  "src/README.md": "The rooms and their doors",
  "deploy/README.md": "Ways to run it",
};

/**
 * Gives each file its chapter, in order; a file that none names or contains is left out and fails the
 * build of the site.
 */
export function chaptersOf(files: readonly string[]): readonly Chapter[] {
  const named = new Set(contents.flatMap(({ pages }) => pages.filter((page) => !isFolder(page))));
  const taken = new Set<string>();
  return contents.map(({ pages, title }) => {
    const own = pages.flatMap((page) =>
      isFolder(page)
        ? files.filter((file) => file.startsWith(page) && !named.has(file) && !taken.has(file))
        : files.filter((file) => file === page),
    );
    for (const file of own) taken.add(file);
    return { title, pages: own };
  });
}

function isFolder(page: string): boolean {
  return page.endsWith("/");
}
