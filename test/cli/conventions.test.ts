import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { commandGroups } from "../../src/cli/command-groups.ts";
import { entriesOf, flagsOf, isCallable } from "../../src/cli/command-tree.ts";
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

describe("--help", () => {
  it("lists each command once, in the group of what people are about to do", () => {
    const program = buildProgram();
    const grouped = commandGroups(program).flatMap(({ commands }) =>
      commands.map((one) => one.name()),
    );
    const seen = program.commands.map((one) => one.name()).filter((name) => name !== "complete");
    expect(grouped.toSorted()).toEqual(seen.toSorted());
    const help = program.helpInformation();
    const titles = commandGroups(program).map(({ title }) => `\n${title}:\n`);
    expect(titles.map((title) => help.indexOf(title))).toEqual(
      titles.map((title) => help.indexOf(title)).toSorted((one, other) => one - other),
    );
    for (const title of titles) expect(help).toContain(title);
    expect(help).not.toContain("\nCommands:\n");
  });
});

/**
 * What changes something is one of these three: it says first what it would do; it is there to be
 * done and undone by a person in a moment; or it runs until it is stopped and is what the site does.
 */
const reversible = new Set([
  ...["ack", "shelve", "unshelve", "reset", "clear", "out-of-service", "in-service"].map(
    (verb) => `alerts ${verb}`,
  ),
  ...["context add", "context use", "console-users add", "console-users passwd", "tokens add"],
  ...["users add", "users passwd", "commands cancel", "history rebuild", "history retry"],
  // Without --write it only prints.
  ...["devices rename", "profile scaffold"],
]);
const running = new Set([
  "up",
  "run",
  "reload",
  "drain",
  "demo",
  "sim line",
  "sim sparkplug",
  "sim",
]);
const reading = new Set([
  ...["sim ls", "validate", "status", "top", "tap", "doctor", "fleet validate", "context ls"],
  ...["devices ls", "devices show", "devices unread", "devices unknown", "commands ls"],
  ...["commands show", "alerts ls", "alerts show", "alerts watch", "alerts stats", "notify test"],
  ...["notify dlq ls", "notify dlq show", "profile ls", "profile show", "profile test"],
  ...["profile try", "rules ls", "rules validate", "rules explain", "rules test"],
  ...["rules backtest", "ports ls", "ports watch", "dlq ls", "dlq show", "dlq try"],
  ...["history check", "history refused", "bridge ls", "bridge aside", "events", "events show"],
  ...["trace", "state", "plan ls", "plan show", "config show", "config diff", "config schema"],
  ...["console", "console-users ls", "tokens ls", "users ls", "users hash", "buffer show"],
  ...["buffer verify", "buffer export", "buffer wait-drained", "audit ls", "audit verify"],
  ...["explain", "help", "completion", "complete", "version"],
  // New files and folders; one that is there is never changed.
  ...["record", "fleet render", "fleet bundle", "backbone backup", "nats-permissions"],
]);

test("what changes something that cannot be put back in a moment takes --dry-run", () => {
  const others = entriesOf(buildProgram())
    .filter(isCallable)
    .filter(
      ({ path }) => path !== "" && ![reversible, running, reading].some((some) => some.has(path)),
    );
  const without = others.filter(
    ({ command }) => !flagsOf(command).some(({ long }) => long === "--dry-run"),
  );
  // It refuses a target of a site until --i-mean-it is said.
  expect(without.map(({ path }) => path)).toEqual(["replay"]);
  expect(others.length).toBeGreaterThan(15);
});

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
