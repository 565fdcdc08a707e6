/** Topic names against topic filters, MQTT 3.1.1 §4.7. */

const slash = 47;
const plus = 43;
const hash = 35;
const dollar = 36;

/** What is wrong with a filter, for people: `+` stands alone in its level, `#` alone in the last. */
export function problemOfFilter(text: string): string | undefined {
  if (text === "" || text.includes("\0")) return "a topic filter has text, without U+0000";
  const levels = text.split("/");
  for (const [at, level] of levels.entries()) {
    if (level.includes("#") && (level !== "#" || at !== levels.length - 1))
      return `"#" stands alone at the end of a filter, not as in "${text}"`;
    if (level.includes("+") && level !== "+")
      return `"+" stands alone between slashes, not as in "${text}"`;
  }
  return undefined;
}

/** True when nothing is wrong with the filter. */
export function isTopicFilter(text: string): boolean {
  return problemOfFilter(text) === undefined;
}

/** True when the filter names the topic. On the path of every message: allocates nothing. */
export function matchesTopic(filter: string, topic: string): boolean {
  const first = filter.charCodeAt(0);
  if (topic.charCodeAt(0) === dollar && (first === plus || first === hash)) return false;
  let at = 0;
  for (let place = 0; place < filter.length; place += 1) {
    const sign = filter.charCodeAt(place);
    if (sign === hash) return true;
    if (sign === plus) {
      while (at < topic.length && topic.charCodeAt(at) !== slash) at += 1;
    } else if (at === topic.length) {
      return sign === slash && filter.charCodeAt(place + 1) === hash;
    } else if (topic.charCodeAt(at) === sign) {
      at += 1;
    } else {
      return false;
    }
  }
  return at === topic.length;
}

/** True when one of the filters names the topic. */
export function matchesAny(filters: readonly string[], topic: string): boolean {
  for (const filter of filters) if (matchesTopic(filter, topic)) return true;
  return false;
}

/** True when every topic that `narrow` names is named by `wide` too. */
export function coversFilter(wide: string, narrow: string): boolean {
  const wideLevels = wide.split("/");
  const narrowLevels = narrow.split("/");
  for (const [at, level] of wideLevels.entries()) {
    if (level === "#") return true;
    const other = narrowLevels[at];
    if (other === undefined || other === "#") return false;
    if (level !== "+" && level !== other) return false;
  }
  return wideLevels.length === narrowLevels.length;
}
