import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Fault, faults, plantedProgram } from "../support/planted-program.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

describe("the released program", () => {
  it("listens to no variable that is its own, so none can switch off what it promises", async () => {
    const files = (await readdir(dist)).filter((file) => file.endsWith(".js"));
    const texts = await Promise.all(files.map((file) => readFile(join(dist, file), "utf8")));
    expect(texts.join("\n").length).toBeGreaterThan(100_000);
    expect(texts.join("\n").match(/\bSLUICEGATE_\w+/g)).toBeNull();
  });
});

describe("a program with a planted fault", () => {
  it.each(faults)("is built: %s", async (fault: Fault) => {
    expect(await readFile(await plantedProgram(fault), "utf8")).toContain("createRequire");
  });

  it("is one of those in the folder of faults", async () => {
    const folder = fileURLToPath(new URL("../faults/planted", import.meta.url));
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...faults].sort());
  });
});
