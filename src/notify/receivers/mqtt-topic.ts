/** Topics of alerts, made of their labels. */
import type { AlertTransition } from "../../core/alert.ts";
import { alertNameOf } from "../alert-text.ts";

/** Text, and names of labels between it. */
export type TopicTemplate = readonly (string | { readonly label: string })[];

/** Takes `alerts/{{ site }}/{{ device }}` apart; words say what is wrong with it. */
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
  if (!parts.some((part) => typeof part === "object"))
    return "all alerts would have this topic; add {{ instance }}, or labels that tell them apart";
  return parts;
}

/** No label adds a level to it or is a wildcard; one that is not there is `-`. */
export function topicOf(template: TopicTemplate, transition: AlertTransition): string {
  const { instance, labels, rule, severity } = transition;
  const words = { ...labels, alertname: alertNameOf(rule), severity, instance };
  const byName = new Map(Object.entries(words));
  return template
    .map((part) => (typeof part === "string" ? part : levelOf(byName.get(part.label) ?? "")))
    .join("");
}

/** Two texts are never one level. */
function levelOf(text: string): string {
  if (text === "") return "-";
  if (text === "-") return "%2D";
  return text.toString().replace(/[%/+#$\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, (sign) => {
    return /\p{Cs}/u.test(sign) ? "%EF%BF%BD" : encodeURIComponent(sign);
  });
}
