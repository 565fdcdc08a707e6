/** `sluicegate profile ls|show`: the profiles in force. */
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { filesHere, siteOf } from "./site.ts";

export interface ProfileOptions {
  readonly config: string;
  readonly output?: "text" | "json";
}

/** One line for each. */
export async function listProfiles({ config, output }: ProfileOptions): Promise<void> {
  const { profiles } = await siteOf(config);
  const rows = [...profiles.keys()]
    .map(({ id, naming, topics }) => ({
      ...{ profile: id, family: naming.family },
      topics: topics.map(({ text }) => text),
    }))
    .sort((one, other) => (one.profile < other.profile ? -1 : 1));
  printAnswer({ output }, "profiles/1", { profiles: rows }, () =>
    tableLines(
      rows.map(({ family, profile, topics }) => [
        ...[profile, `${family}-`],
        topics.join(", ") || "by configuration",
      ]),
    ),
  );
}

/** Its file, with the path on standard error. */
export async function showProfile(name: string, { config }: ProfileOptions): Promise<void> {
  const { profiles } = await siteOf(config);
  const bare = name.replace(/@\d+$/, "");
  const [, file] = [...profiles].find(([profile]) => profile.name === bare) ?? [];
  if (file === undefined) {
    const meant = suggest(
      bare,
      [...profiles.keys()].map((profile) => profile.name),
    );
    throw new GatewayError(
      "not-found",
      `there is no profile ${name}; ${meant ? `did you mean ${meant}?` : "profile ls lists them"}`,
    );
  }
  process.stderr.write(`${file}\n`);
  process.stdout.write(await filesHere().readFile(file));
}
