import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { entriesOf, isCallable } from "../../src/cli/command-tree.ts";
import { examplesOf } from "../../src/cli/examples.ts";
import { buildProgram } from "../../src/cli/program.ts";

const commands = entriesOf(buildProgram())
  .filter(isCallable)
  .filter(({ path }) => path !== "" && path !== "complete");

/** The words of a line, as a shell takes them. */
function wordsOf(line: string): string[] {
  const own = line.split(/ (?:&&|\|) /).find((part) => part.startsWith("sluicegate ")) ?? line;
  const command = own.replace(/ [<>] \S+/g, "");
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

describe("examples of commands", () => {
  it("are two or more for each command, and stand in its help", () => {
    const few = commands.filter(({ command }) => Object.keys(examplesOf(command)).length < 2);
    expect(few.map(({ path }) => path)).toEqual([]);
    for (const { command } of commands) {
      let help = "";
      command.configureOutput({
        writeOut: (text) => {
          help += text;
        },
      });
      command.outputHelp();
      for (const line of Object.keys(examplesOf(command))) expect(help).toContain(`\n  ${line}`);
    }
  });

  it("are calls of their own command, with flags and arguments that it has", async () => {
    for (const { command, path } of commands)
      for (const line of Object.keys(examplesOf(command))) {
        const program = buildProgram();
        const called: string[] = [];
        for (const entry of entriesOf(program)) {
          entry.command.configureOutput({ writeErr: (text) => void called.push(text) });
          entry.command.action(() => void called.push(entry.path));
        }
        const [name, ...words] = wordsOf(line);
        await program.parseAsync(words, { from: "user" }).catch(() => {});
        expect([line, name, called]).toEqual([line, "sluicegate", [path]]);
      }
  });
});

it("every command stands in the table of its README, and the table knows no other", async () => {
  const page = await readFile(new URL("../../src/cli/README.md", import.meta.url), "utf8");
  const [table = ""] = /\| command \|[\s\S]*?\n\n/.exec(page) ?? [];
  const told = [...table.matchAll(/^\| (`.*?[^\\]) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([a-z-]+)/g)].map(([, noun = ""]) => noun),
  );
  const nouns = new Set(commands.map(({ path }) => path.split(" ")[0] ?? ""));
  expect([...nouns].filter((noun) => !told.includes(noun))).toEqual([]);
  expect([...new Set(told)].filter((noun) => !nouns.has(noun))).toEqual([]);
});
