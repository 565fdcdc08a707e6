/** `sluicegate profile test`: the examples of profiles, run. */
import type { LocatedFault } from "../config/located-fault.ts";
import {
  countFaults,
  countSentence,
  faultsForPrograms,
  printFaults,
} from "../config/print-faults.ts";
import { loadSite } from "../config/site/load-site.ts";
import { SiteReading } from "../config/site/site-reading.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { checkExamples } from "../normalize/check-examples.ts";
import { parseProfile } from "../normalize/language/parse-profile.ts";
import type { Profile } from "../normalize/profile.ts";
import { printAnswer } from "./print-answer.ts";
import type { ProfileOptions } from "./profile.ts";
import { filesHere } from "./site.ts";

/** Of a file, or of the site; prints every fault with its place. */
export async function testProfiles(
  file: string | undefined,
  options: ProfileOptions,
): Promise<void> {
  if (file === undefined) return testSite(options);
  const { output } = options;
  const reading = new SiteReading(filesHere());
  const read = await reading.read(file, { parse: parseProfile });
  if (!read) throw new GatewayError("usage", reading.faults[0]?.message ?? `cannot read ${file}`);
  const profile = read.value;
  if (profile) for (const fault of checkExamples(profile)) read.report(fault);
  const { faults, fileCount: files } = reading;
  const profiles = profile === undefined ? [] : [profile];
  printTrial({ profiles, faults, files, holds: faults.length === 0 }, output, profile?.id);
}

async function testSite({ config, output }: ProfileOptions): Promise<void> {
  const result = await loadSite(config, filesHere());
  const { faults, fileCount: files, ok: holds } = result;
  const profiles = result.ok ? [...result.site.profiles.keys()] : [];
  printTrial({ profiles, faults, files, holds }, output);
  if (!holds && output !== "json")
    process.stderr.write(`${countSentence(countFaults(faults, files))}\n`);
}

interface Trial {
  readonly profiles: readonly Profile[];
  readonly faults: readonly LocatedFault[];
  readonly files: number;
  readonly holds: boolean;
}

/** Faults go to standard error, but for programs, which take one object. */
function printTrial(
  { faults, files, holds, profiles }: Trial,
  output: ProfileOptions["output"],
  title = counted(profiles.length, "profile"),
): void {
  const examples = profiles.reduce((sum, profile) => sum + profile.examples.length, 0);
  const names = profiles.map(({ id }) => id);
  if (output !== "json") process.stderr.write(printFaults(faults, files, "text"));
  printAnswer(
    { output },
    "profile-test/1",
    { holds, profiles: names, examples, faults: faultsForPrograms(faults) },
    () => (holds ? [`${title}: ${sayExamples(examples)}`] : []),
  );
  if (!holds) process.exitCode = 1;
}

function sayExamples(count: number): string {
  return count === 1 ? "1 example holds" : `${count} examples hold`;
}
