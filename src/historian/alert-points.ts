/** The point of an alert episode: it stands at its start, and each transition overwrites it. */
import type { AlertTransition } from "../core/alert.ts";
import type { PointForm } from "./event-points.ts";
import { fieldText } from "./field-text.ts";
import { momentTime } from "./point-time.ts";
import { tag } from "./tag-text.ts";

const labelTags = ["device", "gateway", "metric", "site"] as const;
const ranks = { info: 1, warning: 2, critical: 3 } as const;

/** Undefined where it cannot be one: a time that is none. */
export function alertPoint(transition: AlertTransition, { texts }: PointForm): string | undefined {
  const { instance, labels, rule, severity, state } = transition;
  const startedMs = Date.parse(transition.started_at);
  if (!Number.isFinite(startedMs)) return undefined;
  const about = labelTags.map((name) => tag(name, labels[name] ?? "")).join("");
  const tags = `${about}${tag("instance", instance)}${tag("rule", rule)}`;
  const fields = [`firing=${state === "firing"}`, `severity_rank=${ranks[severity] ?? 0}`];
  addMoment(fields, "fired_ms", transition.fired_at);
  if (transition.ended_at !== null) {
    addMoment(fields, "ended_ms", transition.ended_at);
    const seconds = (Date.parse(transition.ended_at) - startedMs) / 1_000;
    if (Number.isFinite(seconds)) fields.push(`duration_s=${seconds}`);
  }
  if (texts) {
    const { annotations, episode, reason } = transition;
    fields.push(`state=${fieldText(state)}`, `severity=${fieldText(severity)}`);
    fields.push(`reason=${fieldText(reason)}`, `episode=${fieldText(episode)}`);
    const { summary } = annotations;
    if (summary !== undefined) fields.push(`summary=${fieldText(summary)}`);
  }
  const { value } = transition;
  if (typeof value === "number" && Number.isFinite(value)) fields.push(`value=${value}`);
  return `alerts${tags} ${fields.join(",")} ${momentTime(startedMs)}`;
}

function addMoment(fields: string[], name: string, text: string): void {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) fields.push(`${name}=${ms}`);
}
