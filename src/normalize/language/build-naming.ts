import type { StatusMapping } from "../profile.ts";
import type { Naming } from "../topics/device-name.ts";
import { type TopicTemplate, wordsOf } from "../topics/topic-template.ts";
import { wordsInside } from "./build-members.ts";
import type { Report } from "./build-report.ts";
import type { ProfileFile } from "./profile-file.ts";

/** How ids begin: with the family that is written, else with the maker. */
export function buildNaming(
  file: ProfileFile,
  topics: readonly TopicTemplate[],
  status: readonly StatusMapping[],
  report: Report,
): Naming {
  const [maker = ""] = file.profile.split("/");
  if (file.family === undefined && topics.length + status.length > 0 && !/^[a-z0-9]+$/.test(maker))
    report(
      ["profile"],
      `ids of devices cannot begin with "${maker}": a family has letters and digits only`,
      `write family: ${maker.replace(/[^a-z0-9]/g, "")}`,
    );
  const words = Array.from(
    file.device?.prefix?.matchAll(/\{([a-z_]+)\}/g) ?? [],
    ([, word = ""]) => word,
  );
  const keys = wordsInside(file);
  for (const word of words)
    for (const template of [...(keys.includes(word) ? [] : topics), ...status.map(topicOf)])
      if (!wordsOf(template).includes(word))
        report(["device", "prefix"], `the topic "${template.text}" has no {${word}}`);
  return { family: file.family ?? maker, words };
}

function topicOf({ topic }: StatusMapping): TopicTemplate {
  return topic;
}
