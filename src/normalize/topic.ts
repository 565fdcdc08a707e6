/** Topic names and topic filters of MQTT 3.1.1 §4.7, and the templates of profiles. */

/** A filter taken apart at its slashes. */
export interface TopicFilter {
  readonly levels: readonly string[];
}

/** Checks a topic filter: `+` stands alone in its level, `#` alone in the last. */
export function parseTopicFilter(text: string): TopicFilter | { readonly problem: string } {
  if (text === "" || text.length > 512 || text.includes("\0"))
    return { problem: "a topic filter has 1 to 512 characters" };
  const levels = text.split("/");
  for (const [at, level] of levels.entries()) {
    if (level.includes("#") && (level !== "#" || at !== levels.length - 1))
      return { problem: `"#" stands alone at the end of a filter, not as in "${text}"` };
    if (level.includes("+") && level !== "+")
      return { problem: `"+" stands alone between slashes, not as in "${text}"` };
  }
  return { levels };
}

/** True when the topic, already split at its slashes, is one of those the filter names. */
export function matchesFilter(filter: TopicFilter, topicLevels: readonly string[]): boolean {
  const { levels } = filter;
  for (let at = 0; at < levels.length; at += 1) {
    const level = levels[at];
    if (level === "#") return true;
    if (at >= topicLevels.length) return false;
    if (level !== "+" && level !== topicLevels[at]) return false;
  }
  return levels.length === topicLevels.length;
}
