/** A metric as it is called under one topic. */
import type { MetricMapping } from "../profile.ts";
import type { Captures } from "../topics/topic-template.ts";

/** A mapping whose name no longer depends on the topic. */
export interface Metric {
  readonly mapping: MetricMapping;
  readonly name: string;
  /** What stands around `{key}`; undefined when the name has none. */
  readonly around?: readonly [before: string, after: string];
  /** The words of the topic. */
  readonly words: Captures;
}

/** The metrics of a profile, each at its number; undefined for one that the topic does not have. */
export type TopicMetrics = readonly (Metric | undefined)[];

/** True when words of the topic, or of a member's place, say how the metric is named, or whether it is. */
export function dependsOnWords({ name, value, where }: MetricMapping): boolean {
  const asks = value !== undefined && value.words.length > 0;
  return asks || where !== undefined || name.replace("{key}", "").includes("{");
}

/**
 * Puts the words of a topic into the name; undefined when the topic lacks one of them, or says that
 * it is about something else.
 */
export function nameMetric(mapping: MetricMapping, captures: Captures): Metric | undefined {
  for (const [word, texts] of mapping.where ?? [])
    if (!texts.includes(captures.get(word) ?? "")) return undefined;
  let complete = true;
  const fill = (text: string): string =>
    text.replace(/(_?)\{([a-z_]+)\}/g, (_, join: string, word: string) => {
      const found = captures.get(word);
      if (found === undefined) complete = false;
      return found === mapping.plain ? "" : join + (found ?? "");
    });
  const [before = "", after] = mapping.name.split("{key}").map(fill);
  if (!complete) return undefined;
  return after === undefined
    ? { mapping, name: before, words: captures }
    : { mapping, name: before + after, around: [before, after], words: captures };
}
