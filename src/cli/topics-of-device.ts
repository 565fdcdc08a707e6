/** The topics of a device that was discovered by one of them, as the one filter that an entry has. */
import type { Profile } from "../normalize/profile.ts";
import { matchTemplate, type TopicTemplate } from "../normalize/topics/topic-template.ts";

const device = /\{device(?:\.\.\.)?\}/;

/**
 * `tele/kitchen/+` for a device that speaks on `tele/kitchen/SENSOR`; the topic alone where its
 * profile does not say what else is its own.
 */
export function topicsOfDevice({ status, topics }: Profile, topic: string): string {
  const levels = topic.split("/");
  const template = topics.find((one) => matchTemplate(one, levels) !== undefined);
  const word = template && matchTemplate(template, levels)?.get("device");
  if (template === undefined || word === undefined) return topic;
  const words = matchTemplate(template, levels) ?? new Map<string, string>();
  const place = placeOf(template);
  const filters = [...topics, ...status.map((one) => one.topic)]
    .filter((one) => placeOf(one) === place)
    .map(({ text }) => text.split("/").flatMap((level) => filterLevel(level, words)));
  const [first = levels, ...others] = filters;
  const merged = others.reduce((one, other) => mergeFilters(one, other), first);
  const filter = merged.slice(0, merged.indexOf("#") + 1 || merged.length);
  const text = filter.join("/");
  return text.includes(word) ? text : topic;
}

/** Which level is the device; -1 for none. */
function placeOf({ text }: TopicTemplate): number {
  return text.split("/").findIndex((level) => device.test(level));
}

function filterLevel(level: string, words: ReadonlyMap<string, string>): string[] {
  const filled = level.replace(device, words.get("device") ?? "");
  if (filled.includes("...}")) return ["#"];
  return filled.includes("{") ? ["+"] : filled.split("/");
}

function mergeFilters(one: readonly string[], other: readonly string[]): string[] {
  const merged: string[] = [];
  for (const [at, level] of one.entries()) {
    if (level === "#" || other[at] === "#" || other[at] === undefined) return [...merged, "#"];
    merged.push(level === other[at] ? level : "+");
  }
  return other.length > one.length ? [...merged, "#"] : merged;
}
