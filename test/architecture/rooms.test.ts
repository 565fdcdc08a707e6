import { execFile } from "node:child_process";
import { cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Lints the sources of a copy of the house; gives `file rule` of everything that is found. */
async function lint(folder: string): Promise<string[]> {
  const program = join(root, "node_modules/.bin/biome");
  const args = ["lint", "--reporter=json", "--max-diagnostics=none", "src"];
  const text = await new Promise<string>((resolve) => {
    execFile(program, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_, stdout) => resolve(stdout));
  });
  const report: unknown = JSON.parse(text.slice(text.indexOf("{")));
  if (typeof report !== "object" || report === null || !("diagnostics" in report)) return [];
  const found = Array.isArray(report.diagnostics) ? report.diagnostics : [];
  return found.map(
    ({ category, location }) => `${location?.path?.file ?? location?.path} ${category}`,
  );
}

/** A copy of the house in which wrong things may be planted. */
async function copyOfTheHouse(): Promise<string> {
  const folder = await tempFolder();
  await cp(join(root, "src"), join(folder, "src"), { recursive: true });
  await cp(join(root, "biome.json"), join(folder, "biome.json"));
  await cp(join(root, "package.json"), join(folder, "package.json"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** One wrong import for each room: into a neighbor, or of a package that has its door elsewhere. */
const plantedImports: Readonly<Record<string, readonly string[]>> = {
  core: ["../buffer/options.ts", "zod", "node:fs"],
  schema: ["zod", "../config/schema.ts", "../normalize/options.ts"],
  sources: ["../normalize/options.ts", "aedes", "../stream/options.ts"],
  normalize: ["../buffer/options.ts", "node:fs", "zod"],
  buffer: ["../forward/forwarder.ts", "node:fs", "../stream/options.ts", "./tools/damage.ts"],
  "buffer/format": ["../segment.ts", "../files/with-file.ts", "node:fs"],
  "buffer/files": ["../segment.ts", "../losses/quarantine.ts"],
  "buffer/losses": ["../space/retention.ts", "../recovery/recovery.ts"],
  "buffer/space": ["../recovery/recovery.ts", "../tools/damage.ts"],
  "buffer/recovery": ["../tools/damage.ts", "node:fs"],
  "buffer/tools": ["../../app/new-run.ts", "../../cli/counted.ts", "node:fs"],
  forward: ["../buffer/options.ts", "node:fs"],
  stream: ["../forward/forwarder.ts", "node:net"],
  rules: ["../stream/options.ts", "../processor/options.ts", "node:fs"],
  processor: ["../notify/options.ts", "@nats-io/jetstream"],
  notify: ["../processor/options.ts", "@nats-io/kv"],
  gateway: ["../buffer/disk.ts", "../sources/options.ts", "node:fs"],
  "nats-server": ["../buffer/disk.ts", "../stream/options.ts", "@nats-io/transport-node"],
  demo: ["../app/version.ts", "../buffer/disk.ts", "@nats-io/jetstream"],
  simulate: ["../sources/options.ts", "../stream/options.ts"],
  telemetry: ["../buffer/options.ts", "pino"],
  config: ["../app/version.ts", "yaml", "../buffer/disk.ts"],
  "config/site": ["../../app/version.ts", "../../buffer/disk.ts", "yaml"],
  app: ["../cli/main.ts", "aedes", "yaml"],
};

describe("the doors of the rooms", () => {
  it("are all kept in the sources as they are", async () => {
    expect(await lint(root)).toEqual([]);
  });

  it("stop every wrong import that is planted", async () => {
    const folder = await copyOfTheHouse();
    const planted: string[] = [];
    for (const [room, imports] of Object.entries(plantedImports)) {
      for (const [index, specifier] of imports.entries()) {
        const file = `src/${room}/planted-${index}.ts`;
        await writeFile(
          join(folder, file),
          `import * as wrong from "${specifier}";\nexport const planted = wrong;\n`,
        );
        planted.push(`${file} lint/style/noRestrictedImports`);
      }
    }
    const found = await lint(folder);
    expect(planted.filter((line) => !found.includes(line))).toEqual([]);
  });

  it("stop wrong imports that hide: of types, dynamic, exported on", async () => {
    const folder = await copyOfTheHouse();
    const hidden = [
      'import type { BufferOptions } from "../buffer/options.ts";\nexport type Wrong = BufferOptions;\n',
      'export const wrong = () => import("../buffer/options.ts");\n',
      'export { bufferOptions } from "../buffer/options.ts";\n',
    ];
    for (const [index, text] of hidden.entries()) {
      await writeFile(join(folder, `src/forward/hidden-${index}.ts`), text);
    }
    const found = await lint(folder);
    for (const index of hidden.keys()) {
      expect(found).toContain(`src/forward/hidden-${index}.ts lint/style/noRestrictedImports`);
    }
  });

  it("stop circles of imports", async () => {
    const folder = await copyOfTheHouse();
    await writeFile(
      join(folder, "src/core/hen.ts"),
      'import { egg } from "./egg.ts";\nexport const hen = () => egg;\n',
    );
    await writeFile(
      join(folder, "src/core/egg.ts"),
      'import { hen } from "./hen.ts";\nexport const egg = () => hen;\n',
    );
    expect(await lint(folder)).toContain("src/core/egg.ts lint/suspicious/noImportCycles");
  });

  it("stand before every room there is", async () => {
    const rooms = await readdir(join(root, "src"));
    expect(rooms.filter((room) => room !== "cli").sort()).toEqual(
      Object.keys(plantedImports)
        .filter((room) => !room.includes("/"))
        .sort(),
    );
  });
});

describe("names of files", () => {
  it("say what is inside", async () => {
    const files = await readdir(join(root, "src"), { recursive: true });
    const empty =
      /((^|[/-])(utils?|helpers?|common|misc|shared|manager|base|impl)|(^|\/)index)\.ts$/;
    expect(files.filter((file) => empty.test(file))).toEqual([]);
  });
});

describe("the error codes", () => {
  it("are each explained in the README, and the README explains no other", async () => {
    const { errorCodes } = await import("../../src/core/errors.ts");
    const readme = await readFile(join(root, "src/core/README.md"), "utf8");
    const explained = [...readme.matchAll(/^\| `([a-z.-]+)` \| (?:retry|reject|stop) \|/gm)].map(
      (match) => match[1] ?? "",
    );
    expect(explained.sort()).toEqual(Object.keys(errorCodes).sort());
  });
});
