import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checks } from "../../src/app/doctor/checks.ts";
import { allExplanations, explanationsOf } from "../../src/cli/all-explanations.ts";
import { errorCodes } from "../../src/core/error-codes.ts";
import { gaps } from "../../src/explain/what-became.ts";

const sources = fileURLToPath(new URL("../../src", import.meta.url));

/** All TypeScript of the program, but that of the page, which has words of its own. */
async function readSources(): Promise<string[]> {
  const paths = await readdir(sources, { recursive: true });
  const files = paths.filter((path) => path.endsWith(".ts") && !path.startsWith("console/"));
  return Promise.all(files.map((path) => readFile(join(sources, path), "utf8")));
}

function found(texts: readonly string[], pattern: RegExp): string[] {
  const codes = texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ""));
  return [...new Set(codes)].sort();
}

describe("explanations of codes", () => {
  it("are there for every code that a fault, a problem or a failure is made with in the sources", async () => {
    const texts = await readSources();
    const codes = [
      ...Object.keys(errorCodes),
      ...found(texts, /\bcode: "([a-z-]+\.[a-z-]+)"/g),
      ...found(texts, /faultAt\(\s*whole, [^"\n]*path[^"\n]*, "([a-z-]+)"/g).map(
        (kind) => `config.${kind}`,
      ),
      ...found(texts, /params: \{\s*code: "([a-z-]+)"/g).map((kind) => `rule.${kind}`),
    ];
    expect(codes.length).toBeGreaterThan(80);
    expect(codes.filter((code) => explanationsOf(code).length === 0)).toEqual([]);
  });

  it("are there for every check of doctor, and for every reason that records may be missing for", async () => {
    for (const { id } of checks) expect(explanationsOf(id), id).not.toEqual([]);
    const event = await readFile(join(sources, "core/event.ts"), "utf8");
    const [, listed = ""] = /(`dropped-full`[^/]*)\*\//.exec(event) ?? [];
    expect(found([listed], /`([a-z-]+)`/g)).toEqual(Object.keys(gaps).sort());
  });

  it("say what it means, why it happens and what to do next, each in words of its own", () => {
    for (const [code, kinds] of allExplanations)
      for (const text of kinds.flatMap(({ means, next, why }) => [means, why, next]))
        expect(text.trim(), code).toMatch(/^\S.{8,}/s);
  });
});
