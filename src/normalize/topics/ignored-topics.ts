/** Topics that are noise, as profiles list them: topic filters, or templates where `#` is not enough. */
import { problemOfFilter } from "../../core/topic-filter.ts";
import { parseTopicTemplate, type TopicTemplate } from "./topic-template.ts";

/** One entry of a list; two templates where it names a topic and all below it. */
export interface IgnoredTopics {
  /** As written. */
  readonly text: string;
  readonly templates: readonly TopicTemplate[];
}

/** Takes an entry apart: `bridge/#`, `+/log`, `{name...}/set`. */
export function parseIgnored(text: string): IgnoredTopics | { readonly problem: string } {
  if (text.includes("{")) {
    const template = parseTopicTemplate(text);
    return "problem" in template ? template : { text, templates: [template] };
  }
  const problem = problemOfFilter(text);
  if (problem !== undefined) return { problem };
  const levels = text
    .split("/")
    .map((level, at) => (level === "+" ? { word: `${at}`, isMany: false, before: "" } : level));
  const isOpen = levels.at(-1) === "#";
  const fixed = (isOpen ? levels.slice(0, -1) : levels).map((level) =>
    typeof level === "string" ? { literal: level } : level,
  );
  const itself = { text, levels: fixed };
  if (!isOpen) return { text, templates: [itself] };
  const below = { text, levels: [...fixed, { word: "#", isMany: true, before: "" }] };
  return { text, templates: fixed.length === 0 ? [below] : [itself, below] };
}
