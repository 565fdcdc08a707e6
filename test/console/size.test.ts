import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const page = fileURLToPath(new URL("../../dist/console", import.meta.url));

test("the page is small enough for a plant tablet: all of its script, packed", async () => {
  const files = (await readdir(join(page, "assets"))).filter((name) => name.endsWith(".js"));
  expect(files.length).toBeGreaterThan(1);
  let bytes = 0;
  for (const name of files) bytes += gzipSync(await readFile(join(page, "assets", name))).length;
  expect(bytes).toBeLessThan(90 * 1024);
});

test("the page names no other host, and no script or style stands in it", async () => {
  const html = await readFile(join(page, "index.html"), "utf8");
  expect(html).not.toMatch(/(?:src|href)="(?!\/|data:)/);
  expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/);
  for (const name of await readdir(join(page, "assets"))) {
    if (!name.endsWith(".css")) continue;
    const css = await readFile(join(page, "assets", name), "utf8");
    expect(css, name).not.toMatch(/url\((?!["']?\/assets\/)|@import/);
  }
});
