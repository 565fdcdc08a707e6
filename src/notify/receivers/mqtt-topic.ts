/** Topics of alerts, made of their labels. */
import type { AlertTransition } from "../../core/alert.ts";
import { fillTopic, parseTopicTemplate, type TopicTemplate } from "../../core/filled-topic.ts";
import { alertNameOf } from "../alert-text.ts";

/** Takes `alerts/{{ site }}/{{ device }}` apart; words say what is wrong with it. */
export function parseAlertTopic(text: string): TopicTemplate | string {
  const parts = parseTopicTemplate(text);
  if (typeof parts === "string" || parts.some((part) => typeof part === "object")) return parts;
  return "all alerts would have this topic; add {{ instance }}, or labels that tell them apart";
}

/** The topic of one alert. */
export function topicOf(template: TopicTemplate, transition: AlertTransition): string {
  const { instance, labels, rule, severity } = transition;
  return fillTopic(template, { ...labels, alertname: alertNameOf(rule), severity, instance });
}
