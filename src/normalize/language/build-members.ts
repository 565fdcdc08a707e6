/** From what a profile says of the inside of its messages: which are its own, and whose they are. */

import { compileExpression } from "../expression.ts";
import type { Path } from "../paths/path.ts";
import type { EachMapping, Profile } from "../profile.ts";
import { type TopicTemplate, wordsOf } from "../topics/topic-template.ts";
import { type FaultPath, listOf, placeOf, plainPath, type Report } from "./build-report.ts";
import type { ProfileFile } from "./profile-file.ts";

/** How its messages are told from others, and taken apart. */
export type MemberFields = Pick<Profile, "when" | "each" | "devicePaths" | "words">;

export function buildMembers(
  file: ProfileFile,
  topics: readonly TopicTemplate[],
  report: Report,
): MemberFields {
  const each = file.each === undefined ? [] : [file.each].flat();
  const inTopics = new Set(topics.flatMap(wordsOf));
  return {
    ...buildWhen(file.when, inTopics, report),
    each: each.map(({ key, path, whole = false }, at) => {
      const place = placeOf(["each"], file.each, at);
      const [first = "", ...rest] = listOf(path);
      const build = (text: string, nth: number): Path => {
        const built = plainPath(text, placeOf([...place, "path"], path, nth), report);
        if (built.outer)
          report([...place, "path"], `"${text}" would read the same members again and again`);
        return built;
      };
      const others = rest.map((text, nth) => build(text, nth + 1));
      const mapping: EachMapping = { paths: [build(first, 0), ...others], isWhole: whole };
      if (key === undefined) return mapping;
      if (whole) report([...place, "key"], "what is a member as a whole has no key");
      if (key !== "device" && inTopics.has(key))
        report([...place, "key"], `a topic has {${key}} already`);
      return { ...mapping, key };
    }),
    devicePaths: plainPaths(file.device?.path ?? [], ["device", "path"], report),
    words: Object.entries(file.words).map(([word, paths]) => {
      if (inTopics.has(word)) report(["words", word], `a topic has {${word}} already`);
      return { word, paths: plainPaths(paths, ["words", word], report) };
    }),
  };
}

function buildWhen(
  text: string | undefined,
  words: ReadonlySet<string>,
  report: Report,
): Pick<MemberFields, "when"> {
  if (text === undefined) return {};
  const place: FaultPath = ["when"];
  const when = compileExpression(text, "condition");
  if ("problem" in when) {
    report(place, `${when.problem}, at character ${when.column} of ${text.slice(0, 128)}`);
    return {};
  }
  for (const word of when.words)
    if (word !== "device" && !words.has(word))
      report(place, `no topic of the profile has {${word}}`);
  return { when };
}

function plainPaths(paths: string | readonly string[], place: FaultPath, report: Report): Path[] {
  return listOf(paths).map((text, at) => plainPath(text, placeOf(place, paths, at), report));
}

/** The words that messages say themselves, as keys of members or anywhere else. */
export function wordsInside(file: ProfileFile): string[] {
  const each = file.each === undefined ? [] : [file.each].flat();
  const keys = each.flatMap(({ key }) => (key === undefined || key === "device" ? [] : [key]));
  return [...keys, ...Object.keys(file.words)];
}

/** True where messages say whom they are from, so that a topic need not. */
export function isNamedInside({ device, each = [] }: ProfileFile): boolean {
  return device?.path !== undefined || [each].flat().some(({ key }) => key === "device");
}
