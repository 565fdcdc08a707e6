/** `sluicegate rules test`: the tests of rules, run; needs no gateway and no hub. */
import { dirname } from "node:path";
import type { LocatedFault } from "../config/located-fault.ts";
import { pathIn } from "../config/path-in.ts";
import { countFaults, countSentence, printFaults } from "../config/print-faults.ts";
import type { SiteFiles } from "../config/site/site-files.ts";
import { type SiteFile, SiteReading } from "../config/site/site-reading.ts";
import { GatewayError } from "../core/errors.ts";
import { chosenRules } from "../rules/reserved/chosen-rules.ts";
import { ownGroups } from "../rules/reserved/own-group.ts";
import { checkAgainstRules, judgeTrials } from "../rules/trial/judge-trials.ts";
import type { TrialRules } from "../rules/trial/run-trial.ts";
import type { TrialFile } from "../rules/trial/trial.ts";
import { parseTrials } from "../rules/trial/trial-schema.ts";
import { filesBehind, readRuleFiles, rulesOf } from "./read-rule-files.ts";
import { type Outcome, resultText, type TestFormat } from "./rules-test-text.ts";
import { filesHere } from "./site.ts";

export interface TestOptions {
  readonly config: string;
  readonly output: TestFormat;
}

/** Runs the tests of these files, or of all in `rules/tests`; exit 1 where one does not hold. */
export async function testRules(paths: readonly string[], options: TestOptions): Promise<void> {
  const files = filesHere();
  const patterns =
    paths.length > 0 ? paths : [pathIn(dirname(options.config), "rules/tests/*.yaml")];
  const found = await filesBehind(patterns, files, (message) => {
    throw new GatewayError(
      "usage",
      `${message}; tests of rules are in rules/tests beside the configuration`,
    );
  });
  const reading = new SiteReading(files);
  const outcomes: Outcome[] = [];
  for (const path of found) outcomes.push(...(await testFile(path, reading, files)));
  const { faults, fileCount } = reading;
  const failed = outcomes.filter(({ faults: own }) => own.length > 0).length;
  process.stderr.write(printFaults(faults, fileCount, "text"));
  process.stdout.write(resultText(outcomes, options.output));
  const counts = countFaults(faults, fileCount);
  if (counts.errors > failedFaults(outcomes)) process.stderr.write(`${countSentence(counts)}\n`);
  if (failed > 0 || counts.errors > 0) process.exitCode = 1;
}

async function testFile(path: string, reading: SiteReading, files: SiteFiles): Promise<Outcome[]> {
  const read = await reading.read(path, { parse: parseTrials });
  const rules = read?.value && (await rulesFor(path, read, read.value, reading, files));
  if (!read?.value || !rules) return [];
  const wrong = checkAgainstRules(read.value, rules);
  for (const fault of wrong) read.report(fault);
  if (wrong.some(({ severity }) => severity !== "warning")) return [];
  const outcomes: Outcome[] = [];
  for (const { differences, trial } of judgeTrials(read.value, rules)) {
    const known = reading.faults.length;
    for (const { at, text } of differences)
      read.report({
        code: "rule-test.failed",
        path: ["tests", trial.at, ...(at === undefined ? ["name"] : ["expect", at])],
        message: text,
      });
    outcomes.push({ file: path, name: trial.name, faults: reading.faults.slice(known) });
  }
  return outcomes;
}

/** The rules that the file names, relative to itself. */
async function rulesFor(
  path: string,
  read: SiteFile<TrialFile>,
  { reserved, ruleFiles }: TrialFile,
  reading: SiteReading,
  files: SiteFiles,
): Promise<TrialRules | undefined> {
  const unreadable = (message: string, at = 0): void =>
    read.report({ code: "config.unreadable", path: ["rule_files", at], message });
  const patterns = ruleFiles.map((pattern) => pathIn(dirname(path), pattern));
  const found = await filesBehind(patterns, files, unreadable);
  const ruleFilesRead = await readRuleFiles(reading, found, unreadable);
  const chosen = chosenRules(reserved);
  const rules = rulesOf(ruleFilesRead, ownGroups(chosen));
  const isWhole = rules !== undefined && ruleFilesRead.length === found.length && found.length > 0;
  return isWhole ? { rules, reserved: chosen } : undefined;
}

function failedFaults(outcomes: readonly Outcome[]): number {
  return outcomes.flatMap<LocatedFault>(({ faults }) => faults).length;
}
