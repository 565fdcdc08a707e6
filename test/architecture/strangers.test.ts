/**
 * Somebody who knows nothing of the house adds a kind of source, a codec, a kind of receiver and a
 * role, in a copy of it: files of their own, and one line in one table each. Nothing else is touched,
 * and all of it works.
 */
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { bundleSettings } from "../../deploy/bundle-settings.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { house, houseWith, runTool } from "../support/house-copy.ts";
import { waitUntil } from "../support/wait-until.ts";
import { additions, withEntry } from "./additions.ts";

/** The lines of a text that another does not have. */
function linesOnlyIn(text: string, other: string): string[] {
  const known = new Set(other.split("\n"));
  return text.split("\n").filter((line) => !known.has(line));
}

const configuration = `gateway: { id: gw1 }
backbone: { servers: ["nats://127.0.0.1:1"] }
sources: [{ kind: nothing }, { kind: nothing, port: elsewhere }]
profiles: { folders: [profiles] }
devices: [{ id: d1, profile: acme/counter }]
notify: { receivers: { quiet: { kind: nobody, password: { env: NOT_SET } } } }
rules: { files: [] }
`;

const profile = `profile: acme/counter
version: 1
about: Something of which only the length is known.
codec: length
time: none
metrics: [{ name: bytes, path: $ }]
examples: [{ topic: t, payload: abc, expect: { metrics: { bytes: 3 } } }]
`;

/** All of the house is checked and built once more, on a machine that may have much else to do. */
const slowestMs = 300_000;

test(
  "a kind of source, a codec, a kind of receiver and a role are files of their own and a line",
  async () => {
    const tables = Object.values(additions).map(({ table }) => table);
    const plants: Record<string, string> = {};
    for (const addition of Object.values(additions)) {
      const before = await readFile(join(house, addition.table), "utf8");
      Object.assign(plants, addition.files, { [addition.table]: withEntry(before, addition) });
    }
    const copy = await houseWith(plants);
    await runTool(copy, "biome", "check", "--write", ...tables);
    for (const table of tables) {
      const [before = "", after = ""] = await Promise.all(
        [house, copy].map((folder) => readFile(join(folder, table), "utf8")),
      );
      // The entry, and the import of what it names.
      expect(linesOnlyIn(after, before).length, table).toBeLessThanOrEqual(2);
    }

    const judged = await Promise.all([
      runTool(copy, "tsc", "--noEmit"),
      runTool(copy, "biome", "check", "--error-on-warnings", "src"),
      runTool(copy, "tsx", join(house, "test/architecture/check-doors.ts")),
    ]);
    expect(judged.map(([said, code]) => (code === 0 ? "right" : said))).toEqual(
      Array(judged.length).fill("right"),
    );

    await build({
      ...bundleSettings,
      absWorkingDir: copy,
      outdir: join(copy, "dist"),
      splitting: true,
    });
    const program = join(copy, "dist/sluicegate.js");
    const cwd = await openFolder();
    await mkdir(join(cwd, "profiles/acme"), { recursive: true });
    await writeFile(join(cwd, "profiles/acme/counter.yaml"), profile);
    await writeFile(join(cwd, "sluicegate.yaml"), configuration);
    const sluicegate = (...args: string[]) => runCommand(args, { cwd, user: { program, ids: {} } });

    // The kind of receiver has said which of its options is a secret.
    expect(await sluicegate("validate")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("NOT_SET"),
    });

    const running = spawn(process.execPath, [program, "run", "gateway", "idler"], { cwd });
    onTestFinished(() => void running.kill("SIGKILL"));
    const ended = new Promise((resolve) => running.once("close", resolve));
    const answer = await waitUntil(async () => {
      const { status, stdout } = await sluicegate("status", "-o", "json");
      return status === 0 && stdout;
    }, "both roles are up");
    expect(JSON.parse(answer)).toMatchObject({
      gateway: { sources: [{ name: "nothing nowhere" }, { name: "nothing elsewhere" }] },
      idler: { idle: true },
    });
    const { stdout: said } = await sluicegate("status");
    expect(said).toContain("Source    nothing elsewhere");
    expect(said).toMatch(/^Idler .*idle true/m);
    running.kill("SIGTERM");
    expect(await ended).toBe(0);
  },
  slowestMs,
);
