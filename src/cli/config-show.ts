/** `sluicegate config show`: what is in force, and where each value comes from. */

import type { ConfigLine } from "../api/shapes/system.ts";
import { configLines } from "../app/web/system/config-lines.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { filesHere, siteOf } from "./site.ts";

export interface ConfigOptions {
  readonly config: string;
  readonly output: "text" | "json";
}

/** Prints a line for each value that is written or has a default. */
export async function showConfig(
  prefix: string | undefined,
  options: ConfigOptions,
): Promise<void> {
  const all = await linesOfFile(options.config);
  const lines = prefix === undefined ? all : all.filter(({ path }) => isBelow(path, prefix));
  if (lines.length === 0) {
    const names = all.flatMap(({ path }) => [path, path.replace(/[.[].*$/, "")]);
    const meant = suggest(prefix ?? "", names);
    const advice = meant ? `did you mean ${meant}?` : "sluicegate config show lists all";
    throw new GatewayError(
      "not-found",
      `no field is ${prefix}, or nothing is said of it; ${advice}`,
    );
  }
  printAnswer(options, "config/1", { file: options.config, values: lines }, () =>
    tableLines(lines.map(({ origin, path, value }) => [path, value, origin])),
  );
}

/** Of a valid configuration; secrets are covered. */
export async function linesOfFile(path: string): Promise<readonly ConfigLine[]> {
  const { written } = await siteOf(path);
  const text = await filesHere().readFile(path);
  return configLines(written, path, text.toString());
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}
