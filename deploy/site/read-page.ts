/** One page: its Markdown as HTML, with what it links to and what can be linked to in it. */
import { Marked, type Tokens } from "marked";
import { createAnchors } from "./links.ts";

export interface Page {
  readonly title: string;
  readonly html: string;
  /** Names of its headings. */
  readonly anchors: ReadonlySet<string>;
  /** As written, in order; of pictures, too. */
  readonly links: readonly string[];
}

/** `place` gives the address that a link gets on the site. */
export function readPage(markdown: string, place: (href: string) => string): Page {
  const anchorOf = createAnchors();
  const anchors = new Set<string>();
  const links: string[] = [];
  let title: string | undefined;
  const placed = (href: string): string => {
    links.push(href);
    return escapeHtml(place(href));
  };
  const marked = new Marked({
    renderer: {
      heading({ depth, tokens }: Tokens.Heading) {
        const words = textOf(tokens);
        title ??= words;
        const anchor = anchorOf(words);
        anchors.add(anchor);
        const html = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchor}"><a href="#${anchor}">${html}</a></h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        return `<a href="${placed(href)}">${this.parser.parseInline(tokens)}</a>`;
      },
      html({ text }: Tokens.HTML | Tokens.Tag) {
        return text.startsWith("<!--") ? "" : escapeHtml(text);
      },
      image({ href, text }: Tokens.Image) {
        return `<img src="${placed(href)}" alt="${escapeHtml(text)}" loading="lazy">`;
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { title: title ?? "", html, anchors, links };
}

function textOf(tokens: readonly { readonly raw: string }[]): string {
  return tokens
    .map((token) => ("text" in token && typeof token.text === "string" ? token.text : token.raw))
    .join("");
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
