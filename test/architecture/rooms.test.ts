import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { house, houseWith, runTool } from "../support/house-copy.ts";
import { judgeHouse, judgeImport, placeOf } from "./doors.ts";
import { type HousePage, parseHousePage, readHousePage } from "./house-page.ts";
import { filesOfCode, type Import, importsIn, readImports } from "./imports.ts";

const src = join(house, "src");

let page: HousePage;
let files: string[];
let imports: Import[];
/** A file of each room, of those that any may have. */
let oneOfEach: string[];

beforeAll(async () => {
  page = await readHousePage(src);
  files = await filesOfCode(src);
  imports = await readImports(src, files);
  oneOfEach = page.rooms.map(({ name }) => {
    const own = files.filter((file) => placeOf(page, file)?.room.name === name);
    const file = own.find((file) => !file.endsWith("/options.ts"));
    if (file === undefined) throw new Error(`there is no file in the room ${name}`);
    return file;
  });
});

/** What is said of a file that is planted beside another. */
function plant(beside: string, text: string): string[] {
  const file = posix.join(posix.dirname(beside), "planted.ts");
  return importsIn(file, text).flatMap((one) => judgeImport(page, one) ?? []);
}

function planted(beside: string, specifier: string): string[] {
  return plant(beside, `import * as wrong from "${specifier}";\n`);
}

/** How one file names another. */
function wayTo(from: string, file: string): string {
  const way = posix.relative(posix.dirname(from), file);
  return way.startsWith(".") ? way : `./${way}`;
}

describe("the doors of the rooms", () => {
  it("are all kept in the sources as they are", () => {
    expect(judgeHouse(page, files, imports)).toEqual([]);
  });

  it("stop a room that imports a neighbor", () => {
    for (const from of oneOfEach) {
      for (const to of oneOfEach) {
        const room = placeOf(page, from)?.room;
        const name = placeOf(page, to)?.room.name ?? "";
        const isKnown = room?.mayKnow?.includes(name) ?? !room?.mayNotKnow.includes(name);
        const expected = isKnown || room?.name === name ? 0 : 1;
        expect(planted(from, wayTo(from, to)).length, `${from} imports ${to}`).toBe(expected);
      }
    }
  });

  it.each([
    ["core/ids.ts", "../buffer/options.ts"],
    ["sources/options.ts", "../normalize/options.ts"],
    ["normalize/options.ts", "../buffer/options.ts"],
    ["buffer/options.ts", "../forward/forwarder.ts"],
    ["buffer/options.ts", "./tools/damage.ts"],
    ["buffer/format/frame.ts", "../segment.ts"],
    ["buffer/files/scan.ts", "../losses/quarantine.ts"],
    ["stream/options.ts", "../schema/bounded.ts"],
    ["forward/forwarder.ts", "../buffer/options.ts"],
    ["forward/forwarder.ts", "./../buffer/options.ts"],
    ["forward/forwarder.ts", "../core/../buffer/options.ts"],
    ["stream/options.ts", "../forward/forwarder.ts"],
    ["rules/options.ts", "../stream/options.ts"],
    ["processor/options.ts", "../notify/options.ts"],
    ["notify/options.ts", "../processor/options.ts"],
    ["simulate/cable.ts", "../sources/options.ts"],
    ["telemetry/options.ts", "../buffer/options.ts"],
    ["config/schema.ts", "../buffer/disk.ts"],
    ["app/version.ts", "../cli/main.ts"],
    ["core/ids.ts", "../../test/support/ledger.ts"],
    ["core/ids.ts", "node:fs"],
    ["buffer/options.ts", "node:fs"],
    ["forward/forwarder.ts", "@nats-io/kv"],
    ["app/version.ts", "@nats-io/transport-node"],
    ["cli/main.ts", "zod/v4"],
    ["cli/main.ts", "left-pad"],
  ])("stop %s when it imports %s", (beside, specifier) => {
    expect(planted(beside, specifier)).toHaveLength(1);
  });

  it("stop each package outside of its doors", () => {
    const ofAnyModule = page.packages.find(({ name }) => name === "node:*")?.doors ?? [];
    for (const { name, doors } of page.packages) {
      for (const beside of oneOfEach) {
        const room = placeOf(page, beside)?.room.name ?? "";
        const isNode = name.startsWith("node:") && ofAnyModule.includes(room);
        const inside = oneOfEach.find((file) => placeOf(page, file)?.room.name === name);
        const path = inside ?? (name.startsWith(".") ? name : undefined);
        const specifier = path ? wayTo(beside, path) : name.replaceAll("*", "x");
        const isKnown = placeOf(page, beside)?.room.mayKnow?.includes(name) ?? inside !== undefined;
        const expected = doors.includes(room) || isNode || isKnown || room === name ? 0 : 1;
        expect(planted(beside, specifier).length, `${room} imports ${name}`).toBe(expected);
      }
    }
  });

  it.each([
    'import type { Wrong } from "../buffer/options.ts";',
    'import { type Wrong } from "../buffer/options.ts";',
    "import Wrong, * as all from '../buffer/options.ts';",
    'import"../buffer/options.ts";',
    'import {\n  // why\n  wrong, /* from "./bell.ts" */\n} from // that\n  "../buffer/options.ts";',
    'import wrong = require("../buffer/options.ts");',
    'import wrong from "../buffer/options.ts" with { type: "json" };',
    'export { wrong } from "../buffer/options.ts";',
    'export * from "../buffer/options.ts";',
    'export type * from "../buffer/options.ts";',
    'export const wrong = () => import("../buffer/options.ts");',
    "export const wrong = () => import(\n  `../buffer/options.ts`,\n);",
    'export const wrong = () => import(/* here */ "../buffer/options.ts", {});',
    'export type Wrong = import("../buffer/options.ts").BufferOptions;',
    'export type Wrong = typeof import("../buffer/options.ts");',
    'export const wrong = require("../buffer/options.ts");',
    'export const wrong = import.meta.resolve("../buffer/options.ts");',
    'export const wrong = process.getBuiltinModule("fs");',
    'declare module "../buffer/options.ts" {}',
    '/// <reference path="../buffer/options.ts" />',
    "export const wrong = (name: string) => import(name);",
    'export const wrong = (name: string) => import("./" + name);',
    `export const wrong = (name: string) => import(\`./\${name}.ts\`);`,
  ])("stop a wrong import that hides: %s", (text) => {
    expect(plant("forward/forwarder.ts", `${text}\n`)).toHaveLength(1);
  });

  it("are not asked by what only looks like an import", () => {
    const text = [
      '/** What comes from "../buffer/options.ts" */',
      " * import('x')",
      "// from `y`",
      'const words = ["from", "to"];',
      'const bytes = Buffer.from("../buffer/options.ts");',
      "const here = import.meta.url;",
    ];
    expect(plant("forward/forwarder.ts", text.join("\n"))).toEqual([]);
  });

  it("stop circles of imports", async () => {
    const folder = await houseWith({
      "src/core/hen.ts": 'import { egg } from "./egg.ts";\nexport const hen = () => egg;\n',
      "src/core/egg.ts": 'import { hen } from "./hen.ts";\nexport const egg = () => hen;\n',
    });
    const [said, code] = await runTool(folder, "biome", "lint", "src/core");
    expect(said).toContain("src/core/egg.ts:1:21 lint/suspicious/noImportCycles");
    expect(code).toBe(1);
  });

  it("are compared by a program that names file, line and rule", async () => {
    const folder = await houseWith({
      "src/forward/wrong.ts": '\nexport { openSegmentLog } from "../buffer/open-segment-log.ts";\n',
    });
    const [said, code] = await runTool(
      folder,
      "tsx",
      join(house, "test/architecture/check-doors.ts"),
    );
    expect(said.split("\n")).toContain(
      "src/forward/wrong.ts:2 imports ../buffer/open-segment-log.ts: " +
        "by src/README.md forward may know core, stream",
    );
    expect(code).toBe(1);
  });
});

describe("the page of the house", () => {
  const small = (rooms: string, packages: string): HousePage =>
    parseHousePage(
      `| room | x | may know |\n|---|---|---|\n${rooms}\n\n| package | x |\n|---|---|\n${packages}\n`,
    );

  it("is wrong when a folder has no line, and when a line has no folder", () => {
    const page = small("| `attic` | x | `roof` |", "| `zod` | `attic`, `attic/a.ts` |");
    expect(judgeHouse(page, ["cellar/a.ts"], [])).toEqual([
      "src/cellar is no room: give it a line in src/README.md",
      "src/README.md tells of a room attic, in which there is no file",
      "src/README.md says that attic may know roof, which is no room",
      "src/README.md: nothing in attic imports roof: take it out",
      "src/README.md: nothing imports zod by the door attic: close it",
      "src/README.md: nothing imports zod by the door attic/a.ts: close it",
    ]);
  });

  it("is refused where it cannot be understood", () => {
    expect(() => parseHousePage("# Rooms\n")).toThrow('no table that begins with "room"');
    expect(() => small("| `attic` | x | some |", "| `zod` | `attic` |")).toThrow('"some" is not');
  });
});

describe("names of files", () => {
  it("say what is inside", async () => {
    const files = await readdir(join(house, "src"), { recursive: true });
    const empty =
      /((^|[/-])(utils?|helpers?|common|misc|shared|manager|base|impl)|(^|\/)index)\.ts$/;
    expect(files.filter((file) => empty.test(file))).toEqual([]);
  });
});

describe("the error codes", () => {
  it("are each explained in the README, and the README explains no other", async () => {
    const { errorCodes } = await import("../../src/core/error-codes.ts");
    const readme = await readFile(join(house, "src/core/README.md"), "utf8");
    const explained = [...readme.matchAll(/^\| `([a-z.-]+)` \| (?:retry|reject|stop) \|/gm)].map(
      (match) => match[1] ?? "",
    );
    expect(explained.sort()).toEqual(Object.keys(errorCodes).sort());
  });
});
