/** Topics of MQTT that are made of names: `alerts/{{ site }}/{{ device }}`. */

/** Text, and names of labels between it. */
export type TopicTemplate = readonly (string | { readonly label: string })[];

/** Takes a template apart; words say what is wrong with it. */
export function parseTopicTemplate(text: string): TopicTemplate | string {
  const parts: (string | { label: string })[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{\{ {0,8}([A-Za-z_][A-Za-z0-9_]{0,63}) {0,8}\}\}/g)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push({ label: match[1] ?? "" });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  const words = parts.filter((part) => typeof part === "string").join("");
  if (/[{}]/.test(words)) return "a label in a topic is written {{ name }}";
  if (/[+#\0]/.test(words)) return "a topic has no +, # and U+0000";
  if (text === "" || text.length > 1_024) return "a topic has 1 to 1024 characters";
  if (text.startsWith("$")) return "topics that begin with $ belong to the broker";
  return parts;
}

/** No label adds a level to it or is a wildcard; one that is not there is `-`. */
export function fillTopic(
  template: TopicTemplate,
  labels: Readonly<Record<string, string | undefined>>,
): string {
  return template
    .map((part) => (typeof part === "string" ? part : levelOf(ownLabel(labels, part.label))))
    .join("");
}

function ownLabel(labels: Readonly<Record<string, string | undefined>>, name: string): string {
  return (Object.hasOwn(labels, name) ? labels[name] : undefined) ?? "";
}

/** Two texts are never one level. */
function levelOf(text: string): string {
  if (text === "") return "-";
  if (text === "-") return "%2D";
  return text.toString().replace(/[%/+#$\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, (sign) => {
    return /\p{Cs}/u.test(sign) ? "%EF%BF%BD" : encodeURIComponent(sign);
  });
}
