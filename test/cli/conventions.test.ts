import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { entriesOf } from "../../src/cli/command-tree.ts";
import { manPages } from "../../src/cli/man-page.ts";
import { takeNoColor } from "../../src/cli/no-color.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { runCommand } from "../support/command-line.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** What is said of a line that cannot be read; nothing is called. */
async function said(...words: string[]): Promise<string> {
  const program = buildProgram();
  const text: string[] = [];
  for (const { command } of entriesOf(program)) {
    command.exitOverride().configureOutput({ writeErr: (more) => void text.push(more) });
    if (command.commands.length === 0) command.action(() => {});
  }
  await program.parseAsync(words, { from: "user" }).catch(() => {});
  return text.join("");
}

describe("what is typed wrongly", () => {
  it("is met with the command or the flag that is near it", async () => {
    expect(await said("statsu")).toContain("Did you mean status?");
    expect(await said("alerts", "shelv")).toContain("Did you mean shelve?");
    expect(await said("status", "--confg", "x")).toContain("Did you mean --config?");
    expect(await said("dlq", "ls", "--topc", "a/#")).toContain("Did you mean --topic?");
  });
});

describe("colors", () => {
  it("are off with --no-color, but not where that is an argument, and with CLICOLOR=0", () => {
    const env: Record<string, string | undefined> = {};
    expect(takeNoColor(["top", "--", "--no-color"], env)).toEqual(["top", "--", "--no-color"]);
    expect(env["NO_COLOR"]).toBeUndefined();
    expect(takeNoColor(["top", "--no-color"], env)).toEqual(["top"]);
    expect(env["NO_COLOR"]).toBe("1");
    const other = { CLICOLOR: "0" };
    takeNoColor([], other);
    expect(other).toHaveProperty("NO_COLOR", "1");
  });

  it("and other sequences of terminals are in nothing that goes into a pipe", async () => {
    const cwd = await tempFolder();
    await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { idd: gw1 }\nsources: [\u001b[31m]\n");
    const env = { FORCE_COLOR: "3", CLICOLOR_FORCE: "1", XDG_CONFIG_HOME: cwd };
    const lines = [
      "help",
      "validate",
      "top --once",
      "doctor --list",
      "explain",
      "statsu",
      "status",
    ];
    const results = await Promise.all(
      lines.map((line) => runCommand(line.split(" "), { cwd, env })),
    );
    for (const [at, { stderr, stdout }] of results.entries())
      expect(stdout + stderr, lines[at]).not.toContain("\u001b");
  }, 60_000);
});

const hasMan = spawnSync("man", ["--version"]).status === 0;

test("each command that people see has a manual page", () => {
  const program = buildProgram();
  const nouns = program
    .createHelp()
    .visibleCommands(program)
    .map((one) => one.name());
  const pages = [...manPages(program, "1.0.0").keys()];
  expect(pages.sort()).toEqual(
    ["sluicegate.1", ...nouns.map((noun) => `sluicegate-${noun}.1`)].sort(),
  );
});

test.skipIf(!hasMan)(
  "manual pages are shown without a warning",
  async () => {
    const folder = await tempFolder();
    const pages = manPages(buildProgram(), "1.0.0");
    const paths = [...pages.keys()].map((name) => join(folder, name));
    for (const [name, text] of pages) await writeFile(join(folder, name), text);
    const options = {
      encoding: "utf8",
      env: { ...process.env, MANROFFSEQ: "", LC_ALL: "C.UTF-8" },
    } as const;
    const { status, stderr, stdout } = spawnSync(
      "man",
      ["--warnings", "-P", "cat", "-l", ...paths],
      options,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.length).toBeGreaterThan(10_000);
  },
  60_000,
);
