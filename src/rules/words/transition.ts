/** Writes transitions: ids that every replay makes again, labels and annotations filled in. */
import { createHash } from "node:crypto";
import type { AlertTransition, Severity } from "../../core/alert.ts";
import { formatTime } from "../../core/event-codec.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import { escapeToken } from "../../core/token.ts";
import type { RuleDevice } from "../rule-device.ts";
import { metricOf, type NamedRule } from "../rule-set.ts";
import { lookupIn, type RuleWords } from "./alert-words.ts";
import { type Lookup, renderTemplate } from "./template.ts";

/** A transition as the rules know it; whoever stores it adds when and where it was found. */
export type TransitionDraft = Omit<
  AlertTransition,
  "observed_at" | "late" | "read_up_to" | "traceparent" | "tracestate"
>;

type Value = number | boolean | string;

/** What happened to an episode. */
export interface EpisodeChange {
  readonly state: "firing" | "ended";
  readonly reason: string;
  readonly severity: Severity;
  readonly stale: boolean;
  /** Stored, and told to nobody. */
  readonly quiet?: boolean;
  readonly value: Value | undefined;
  readonly limit: Value | readonly [number, number] | undefined;
  readonly unit: string | undefined;
  /** For what compares a score: what the value should have been, and how far off it is. */
  readonly expected?: number | undefined;
  readonly score?: number | undefined;
  /** The last values of the metrics that a condition looks at, for texts. */
  readonly readings?: ((metric: string) => Value | undefined) | undefined;
  readonly startedMs: number;
  readonly firedMs: number;
  readonly atMs: number;
}

/**
 * The identity of an alert of a device, of one of its metrics, of a gateway or of a site. The gateway is part of it, since a device's name is unique
 * within its gateway only; so is that a gateway finds it itself, since an alert has one writer, also
 * where hub and gateway have the same rule and do not agree on who evaluates it.
 */
function instanceOf(rule: NamedRule, device: RuleDevice): string {
  const parts = [rule.group, rule.alert, device.site, device.gateway, device.device];
  const key = parts.filter((part) => part !== "");
  if (rule.per === "metric") key.push(metricOf(rule.condition) ?? "");
  if (rule.evaluate === "edge") key.push(rule.evaluate);
  return fnv1a64(key.map(escapeToken).join("."));
}

/** The identity of one run of an alert, from its first breach to its end. */
export function episodeOf(instance: string, startedAt: string): string {
  return createHash("sha256").update(`${instance} ${startedAt}`).digest("hex").slice(0, 16);
}

/** Transition number `n` of an episode. */
export function draftTransition(
  rule: NamedRule,
  device: RuleDevice,
  n: number,
  change: EpisodeChange,
): TransitionDraft {
  const { value, limit, unit, expected, score } = change;
  const instance = instanceOf(rule, device);
  const startedAt = formatTime(change.startedMs);
  const episode = episodeOf(instance, startedAt);
  const endedMs = change.state === "ended" ? change.atMs : undefined;
  const words = wordsOf(rule);
  return {
    schema: "alert.transition/1",
    id: `${episode}.${n}`,
    episode,
    n,
    instance,
    rule: rule.id,
    rule_rev: rule.rev,
    ...(rule.evaluate && { evaluated: rule.evaluate }),
    state: change.state,
    reason: change.reason,
    severity: change.severity,
    stale: change.stale,
    ...(change.quiet && { quiet: true }),
    labels: labelsOf(rule, device),
    annotations: annotationsOf(rule, lookupIn(words, device, { ...change, endedMs }), change.state),
    ...(rule.handling && { handling: rule.handling }),
    ...(value !== undefined && { value }),
    ...(limit !== undefined && { limit }),
    ...(unit !== undefined && { unit }),
    ...(expected !== undefined && { expected }),
    ...(score !== undefined && { score }),
    started_at: startedAt,
    fired_at: formatTime(change.firedMs),
    ended_at: endedMs === undefined ? null : formatTime(endedMs),
    at: formatTime(change.atMs),
  };
}

/** The end of an episode that no rule judges any more, made from the last that was said about it. */
export function endUnjudged(
  { quiet: _, ...last }: TransitionDraft,
  reason: "rule_removed" | "rule_changed" | "data_lost" | "device_removed" | "gateway_removed",
  tMs: number,
): TransitionDraft {
  const endedAt = formatTime(Math.max(tMs, Date.parse(last.at)));
  const n = last.n + 1;
  return {
    ...last,
    id: `${last.episode}.${n}`,
    n,
    state: "ended",
    reason,
    ended_at: endedAt,
    at: endedAt,
  };
}

function wordsOf({ alert, condition, group, select }: NamedRule): RuleWords {
  const metric = condition.kind === "expr" ? select.metric : metricOf(condition);
  return { group, alert, metric };
}

/** A label that comes out empty is left out. */
export function labelsOf(rule: NamedRule, device: RuleDevice): Record<string, string> {
  const words = wordsOf(rule);
  const { site, gateway, device: id } = device;
  const labels: Record<string, string> = { site };
  if (gateway !== "") labels["gateway"] = gateway;
  if (id !== "") labels["device"] = id;
  if (words.metric !== undefined) labels["metric"] = words.metric;
  const lookup = lookupIn(words, device);
  for (const [name, template] of Object.entries(rule.labels)) {
    const text = renderTemplate(template, lookup);
    if (text !== "") labels[name] = text;
  }
  return labels;
}

function annotationsOf(
  { annotations, zone }: NamedRule,
  lookup: Lookup,
  state: "firing" | "ended",
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, texts]) => [
      name,
      renderTemplate(texts[state], lookup, zone),
    ]),
  );
}
