/** What stands around every page of the site. */
import type { Chapter } from "./contents.ts";
import { addressOf, relativeAddress } from "./links.ts";
import { escapeHtml, type Page } from "./read-page.ts";

export interface Framed {
  readonly file: string;
  readonly page: Page;
  readonly chapters: readonly Chapter[];
  readonly titleOf: (file: string) => string;
  readonly version: string;
}

/** The whole document; it needs nothing from elsewhere and runs no script. */
export function framePage({ chapters, file, page, titleOf, version }: Framed): string {
  const here = addressOf(file);
  const to = (address: string): string => escapeHtml(relativeAddress(here, address));
  const entry = (other: string): string => {
    const current = other === file ? ' aria-current="page"' : "";
    return `<li><a href="${to(addressOf(other))}"${current}>${escapeHtml(titleOf(other))}</a></li>`;
  };
  const chapter = ({ pages, title }: Chapter): string => {
    const open = pages.includes(file) || pages.length < 10 ? " open" : "";
    return `<details${open}><summary>${title}</summary><ul>${pages.map(entry).join("\n")}</ul></details>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)} · Sluicegate</title>
<link rel="stylesheet" href="${to("site.css")}">
</head>
<body>
<a class="skip" href="#page">Skip to the page</a>
<header><a href="${to("index.html")}">Sluicegate</a> <span>${escapeHtml(version)}</span></header>
<nav aria-label="Pages">${chapters.map(chapter).join("\n")}</nav>
<main id="page">
${page.html}
<footer>From <code>${escapeHtml(file)}</code></footer>
</main>
</body>
</html>
`;
}
