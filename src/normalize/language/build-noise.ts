import type { Profile } from "../profile.ts";
import type { RepeatMapping } from "../repeat.ts";
import { type IgnoredTopics, parseIgnored } from "../topics/ignored-topics.ts";
import { listOf, placeOf, plainPath, type Report } from "./build-report.ts";
import type { ProfileFile } from "./profile-file.ts";

/** What a profile says about messages that nobody needs. */
export function buildNoise(
  file: ProfileFile,
  report: Report,
): Pick<Profile, "ignored" | "repeat" | "maxPayloadBytes"> {
  const maxPayloadBytes = file.limits?.max_payload;
  return {
    ignored: buildIgnored(file.ignore, report),
    ...(file.repeat && { repeat: buildRepeat(file.repeat, report) }),
    ...(maxPayloadBytes !== undefined && { maxPayloadBytes }),
  };
}

function buildIgnored(ignore: readonly string[], report: Report): IgnoredTopics[] {
  return ignore.flatMap((text, at) => {
    const entry = parseIgnored(text);
    if (!("problem" in entry)) return [entry];
    report(["ignore", at], entry.problem);
    return [];
  });
}

function buildRepeat(
  { by, within }: NonNullable<ProfileFile["repeat"]>,
  report: Report,
): RepeatMapping {
  return {
    withinMs: within,
    by: listOf(by).map((text, at) =>
      text === "payload" || text === "metrics"
        ? text
        : plainPath(text, placeOf(["repeat", "by"], by, at), report),
    ),
  };
}
