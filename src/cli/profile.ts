/** `sluicegate profile ls|show`: the profiles in force. */
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { filesHere, siteOf } from "./site.ts";

export interface ProfileOptions {
  readonly config: string;
}

/** One line for each. */
export async function listProfiles({ config }: ProfileOptions): Promise<void> {
  const { profiles } = await siteOf(config);
  const rows = [...profiles.keys()].map(({ id, naming, topics }) => [
    id,
    `${naming.family}-`,
    topics.map(({ text }) => text).join(", ") || "by configuration",
  ]);
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  for (const [id = "", family = "", topics = ""] of rows.sort())
    process.stdout.write(
      `${id.padEnd(widths[0] ?? 0)}  ${family.padEnd(widths[1] ?? 0)}  ${topics}\n`,
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
