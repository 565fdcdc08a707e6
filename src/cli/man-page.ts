/** Manual pages, made of the same tree of commands as `--help`. */
import type { Command } from "commander";
import { commandGroups } from "./command-groups.ts";
import { entriesOf, flagsOf, isCallable, type TreeEntry } from "./command-tree.ts";
import { examplesOf } from "./examples.ts";
import { exitCodesText } from "./exit-codes-text.ts";

/** The pages by their file names: one of the program, and one for each noun. */
export function manPages(program: Command, version: string): ReadonlyMap<string, string> {
  const name = program.name();
  const pages = new Map([[`${name}.1`, programPage(program, version)]]);
  for (const noun of program.commands) {
    const entry: TreeEntry = { path: noun.name(), command: noun };
    if (noun.description() === "" || isInternal(noun)) continue;
    pages.set(`${name}-${noun.name()}.1`, nounPage(name, entry, version));
  }
  return pages;
}

function programPage(program: Command, version: string): string {
  const name = program.name();
  return page([
    head(name, version),
    section("NAME", [`${text(name)} \\- IoT edge event gateway`]),
    section("SYNOPSIS", [`.B ${text(name)}\n.I command\n.RI [ arguments ]`]),
    section("DESCRIPTION", [text(`${program.description()}.`)]),
    section(
      "COMMANDS",
      commandGroups(program).flatMap(({ commands, title }) => [
        `.SS ${text(title)}`,
        ...commands.map(
          (one) => `.TP\n.BR ${name}\\-${text(one.name())} (1)\n${text(one.description())}`,
        ),
      ]),
    ),
    section("EXIT STATUS", [literal(exitCodesText)]),
    section("ENVIRONMENT", [
      `.TP\n.B NO_COLOR\nno colors, as with \\-\\-no\\-color`,
      `.TP\n.B TERM\ndumb: no colors, and no screens that are drawn anew`,
    ]),
    section("FILES", [
      ".TP\n.I sluicegate.yaml\nthe configuration, in the folder where it is called",
    ]),
  ]);
}

function nounPage(name: string, top: TreeEntry, version: string): string {
  const entries = entriesOf(top.command, top.path).filter((entry) => !isInternal(entry.command));
  const called = entries.filter(isCallable);
  const flags = called.flatMap((entry) => [
    `.SS ${text(entry.path)}`,
    text(entry.command.description()),
    ...entry.command.registeredArguments.map(
      (one) => `.TP\n.I ${text(one.name())}\n${text(one.description || one.name())}`,
    ),
    ...flagsOf(entry.command).map(
      (one) => `.TP\n.B ${text(one.flags)}\n${text(described(one.description, one.defaultValue))}`,
    ),
  ]);
  const examples = called.flatMap(({ command }) =>
    Object.entries(examplesOf(command)).map(
      ([line, does]) => `.TP\n.B ${text(line)}\n${text(does)}`,
    ),
  );
  return page([
    head(`${name}-${top.path}`, version),
    section("NAME", [`${text(`${name}-${top.path}`)} \\- ${text(top.command.description())}`]),
    section("SYNOPSIS", [literal(called.map((entry) => usage(name, entry)).join("\n"))]),
    section("COMMANDS AND FLAGS", flags),
    section("EXAMPLES", examples),
    section("SEE ALSO", [`.BR ${name} (1)`]),
  ]);
}

function usage(name: string, { command, path }: TreeEntry): string {
  return `${name} ${path} ${command.usage()}`.trim();
}

function described(description: string, fallback: unknown): string {
  return fallback === undefined ? description : `${description} (default: ${String(fallback)})`;
}

function head(title: string, version: string): string {
  const heading = `.TH ${text(title.toUpperCase())} 1 "" "sluicegate ${version}" "User Commands"`;
  // Lines of long names and addresses cannot be spread over the width of a page.
  return `${heading}\n.ad l`;
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? "" : [`.SH ${title}`, ...parts].join("\n");
}

function page(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n")}\n`;
}

/** Lines as they are. */
function literal(lines: string): string {
  return `.nf\n${lines.trimEnd().split("\n").map(text).join("\n")}\n.fi`;
}

/** Text that roff takes for text: no escapes, no requests, dashes that can be copied. */
function text(plain: string): string {
  const escaped = plain.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq");
  return /^[.]/.test(escaped) ? `\\&${escaped}` : escaped;
}

function isInternal(command: Command): boolean {
  return command.name() === "complete";
}
