import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chaptersOf } from "../../deploy/site/contents.ts";
import { createAnchors, targetOf } from "../../deploy/site/links.ts";
import { readDocuments } from "../../deploy/site/read-documents.ts";
import { readPage } from "../../deploy/site/read-page.ts";

const home = fileURLToPath(new URL("../..", import.meta.url));

describe("documentation", () => {
  test("has no link that leads nowhere, and every page has its chapter, once", async () => {
    const { deadLinks, pages } = await readDocuments(home);
    expect(deadLinks).toEqual([]);
    const placed = chaptersOf([...pages.keys()]).flatMap((chapter) => chapter.pages);
    expect([...placed].sort()).toEqual([...pages.keys()].sort());
  });

  test("gives headings the names that GitHub gives them", () => {
    const anchorOf = createAnchors();
    expect(anchorOf("What to know before you rely on it")).toBe(
      "what-to-know-before-you-rely-on-it",
    );
    expect(anchorOf("`expr`: m.current > 16.0")).toBe("expr-mcurrent--160");
    expect(anchorOf("Twice")).toBe("twice");
    expect(anchorOf("Twice")).toBe("twice-1");
  });

  test("finds what a page links to from where it stands", () => {
    expect(targetOf("../README.md#tests", "src/README.md")).toEqual({
      path: "README.md",
      anchor: "tests",
    });
    expect(targetOf("#here", "src/README.md")).toEqual({ path: "src/README.md", anchor: "here" });
    expect(targetOf("cli/", "src/README.md")).toEqual({ path: "src/cli", anchor: "" });
    expect(targetOf("https://example.org/", "README.md")).toBeUndefined();
  });

  test("keeps what is written as text out of its HTML", () => {
    const { html, links } = readPage("# A <b>\n\n[`<x>`](a.md?<y>)\n", (href) => href);
    expect(links).toEqual(["a.md?<y>"]);
    expect(html).toContain("&lt;x&gt;");
    expect(html).not.toContain("<y>");
  });
});
