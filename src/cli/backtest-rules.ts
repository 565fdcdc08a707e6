/** The rules of a backtest: those of the site, or of files, or one of them with other numbers. */

import { pathIn } from "../config/path-in.ts";
import { countFaults, countSentence, printFaults } from "../config/print-faults.ts";
import type { SiteFiles } from "../config/site/site-files.ts";
import { SiteReading } from "../config/site/site-reading.ts";
import { GatewayError } from "../core/errors.ts";
import type { Fault } from "../core/fault.ts";
import { parseRules } from "../rules/language/rule-file-schema.ts";
import { reservedRulesOf } from "../rules/options.ts";
import { chosenRules } from "../rules/reserved/chosen-rules.ts";
import { ownGroups } from "../rules/reserved/own-group.ts";
import type { RuleFile } from "../rules/rule.ts";
import { buildRuleSet, type RuleSet } from "../rules/rule-set.ts";
import type { TrialRules } from "../rules/trial/run-trial.ts";
import { parseSweep, type Sweep, withValue } from "../rules/trial/sweep.ts";
import { filesBehind, readRuleFiles, rulesOf } from "./read-rule-files.ts";
import { filesHere, placeOf } from "./site.ts";

const none = chosenRules([]);

export interface GivenRules extends TrialRules {
  /** The values of the files, as they are written. */
  readonly written: readonly unknown[];
}

/** Of these files and nothing else; without any those of the configuration, with what comes with the program. */
export async function givenRules(paths: readonly string[], config: string): Promise<GivenRules> {
  if (paths.length > 0) return { ...(await readGiven(paths)), reserved: none };
  const { config: site, folder } = await placeOf(config);
  const reserved = reservedRulesOf(site.rules);
  const patterns = site.rules.files.map((path) => pathIn(folder, path));
  const files = await filesBehind(patterns, filesHere(), skipped);
  return { ...(await readGiven(files, reserved)), reserved };
}

/** A rule set for each value of a sweep, of the swept rule alone. */
export function sweptRules(
  text: string,
  { written }: GivenRules,
): ReadonlyMap<number | string, TrialRules> {
  const sweep = parseSweep(text);
  if ("problem" in sweep) throw new GatewayError("usage", `--sweep ${text}: ${sweep.problem}`);
  return new Map(
    sweep.values.map((value) => [
      value,
      { rules: swept(text, sweep, value, written), reserved: none },
    ]),
  );
}

function swept(
  text: string,
  sweep: Sweep,
  value: number | string,
  written: readonly unknown[],
): RuleSet {
  const found = withValue(written, sweep, value);
  if ("problem" in found) throw new GatewayError("usage", `--sweep ${text}: ${found.problem}`);
  const files: RuleFile[] = [];
  for (const file of found.files) {
    const parsed = parseRules(file);
    if (parsed.ok) files.push(parsed.value);
    else return refuse(text, value, parsed.faults);
  }
  const built = buildRuleSet(files);
  return built.ok ? built.value : refuse(text, value, built.faults);
}

function refuse(text: string, value: number | string, [fault]: readonly Fault[]): never {
  throw new GatewayError("usage", `--sweep ${text}: with ${value} ${fault?.message}`);
}

/** A pattern of the configuration that fits no file is for `validate` to tell: rules come with the program, too. */
function skipped(): void {}

async function readGiven(
  patterns: readonly string[],
  reserved = none,
): Promise<{ readonly rules: RuleSet; readonly written: readonly unknown[] }> {
  const files: SiteFiles = filesHere();
  const reading = new SiteReading(files);
  const paths = await filesBehind(patterns, files, (message) => {
    throw new GatewayError("usage", message);
  });
  const read = await readRuleFiles(reading, paths);
  const rules = rulesOf(read, ownGroups(reserved));
  const { faults, fileCount } = reading;
  process.stderr.write(printFaults(faults, fileCount, "text"));
  if (!rules || read.length < paths.length)
    throw new GatewayError("config.invalid", countSentence(countFaults(faults, fileCount)));
  return { rules, written: read.map(({ written }) => written) };
}
