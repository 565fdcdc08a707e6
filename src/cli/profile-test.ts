/** `sluicegate profile test`: the examples of profiles, run. */
import { countFaults, countSentence, printFaults } from "../config/print-faults.ts";
import { loadSite } from "../config/site/load-site.ts";
import { SiteReading } from "../config/site/site-reading.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { checkExamples } from "../normalize/check-examples.ts";
import { parseProfile } from "../normalize/language/parse-profile.ts";
import type { ProfileOptions } from "./profile.ts";
import { filesHere } from "./site.ts";

/** Of a file, or of the site; prints every fault with its place. */
export async function testProfiles(
  file: string | undefined,
  { config }: ProfileOptions,
): Promise<void> {
  if (file === undefined) return testSite(config);
  const reading = new SiteReading(filesHere());
  const read = await reading.read(file, { parse: parseProfile });
  if (!read) throw new GatewayError("usage", reading.faults[0]?.message ?? `cannot read ${file}`);
  const profile = read.value;
  if (profile) for (const fault of checkExamples(profile)) read.report(fault);
  process.stderr.write(printFaults(reading.faults, reading.fileCount, "text"));
  if (reading.faults.length > 0) process.exitCode = 1;
  else process.stdout.write(`${profile?.id}: ${sayExamples(profile?.examples.length ?? 0)}\n`);
}

async function testSite(config: string): Promise<void> {
  const result = await loadSite(config, filesHere());
  process.stderr.write(printFaults(result.faults, result.fileCount, "text"));
  if (!result.ok) {
    process.stderr.write(`${countSentence(countFaults(result.faults, result.fileCount))}\n`);
    process.exitCode = 1;
    return;
  }
  const profiles = [...result.site.profiles.keys()];
  const examples = profiles.reduce((sum, profile) => sum + profile.examples.length, 0);
  process.stdout.write(`${counted(profiles.length, "profile")}: ${sayExamples(examples)}\n`);
}

function sayExamples(count: number): string {
  return count === 1 ? "1 example holds" : `${count} examples hold`;
}
