/** An alert in words for people: the same in every receiver that people read. */
import type { AlertTransition } from "../core/alert.ts";
import { formatDuration } from "../core/duration.ts";
import { printable } from "../core/printable.ts";
import { formatQuantity } from "../core/unit.ts";
import { shorten } from "./shorten.ts";

/** Longest text of one field. */
const mostText = 500;

/**
 * Names and values in it are those that devices gave; each stands on one line, without anything that
 * a terminal or a header obeys. What the receiver's own markup is made of is for the receiver to escape.
 */
export interface AlertText {
  /** `FIRING critical` */
  readonly state: string;
  /** `FreezerWarm freezer-07 (plant-a)` */
  readonly name: string;
  /** What the rule says of it. */
  readonly summary: string | undefined;
  /** Its value, its times and what is special about it; `["Value", "-11.4 °C, limit -15 °C"]`. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** Only where it is an address of the web. */
  readonly runbookUrl: string | undefined;
}

export function describeAlert(transition: AlertTransition): AlertText {
  const { annotations, ended_at, fired_at, late, observed_at, rule, severity } = transition;
  const { stale, started_at, state, unit, value } = transition;
  const facts: (readonly [string, string])[] = [];
  if (value !== undefined) facts.push(["Value", formatQuantity(value, unit) + limitOf(transition)]);
  if (state === "firing") {
    const after = lengthOf(started_at, fired_at);
    const fired = after === undefined ? "" : `, fired after ${after}`;
    facts.push(["Since", `${formatMoment(started_at)}${fired}`]);
  } else {
    const length = lengthOf(started_at, ended_at);
    const until = `until ${formatMoment(ended_at ?? transition.at)}`;
    facts.push(["From", `${formatMoment(started_at)} ${until}`]);
    if (length !== undefined) facts.push(["Lasted", length]);
  }
  if (late) facts.push(["Late", `the data came late; learned ${formatMoment(observed_at)}`]);
  if (stale) facts.push(["Stale", "judged by an old value"]);
  facts.push(["Rule", rule]);
  const description = annotations["description"];
  if (description) facts.push(["Description", description]);
  return {
    state: printable(`${state.toUpperCase()} ${severity}`),
    name: line(nameOfAlert(transition)),
    summary: annotations["summary"] ? line(annotations["summary"]) : undefined,
    facts: facts.map(([name, text]) => [name, line(text)]),
    runbookUrl: webAddress(transition.handling?.runbook_url ?? annotations["runbook_url"]),
  };
}

/** `FreezerWarm freezer-07 (plant-a)` */
export function nameOfAlert({ labels, rule }: AlertTransition): string {
  const what = labels["device"] ?? labels["gateway"];
  const site = labels["site"];
  return [alertNameOf(rule), what, site && `(${site})`].filter(Boolean).join(" ");
}

/** The alert of `group/alert`. */
export function alertNameOf(rule: string): string {
  return rule.slice(rule.indexOf("/") + 1);
}

/** `2026-11-21 14:02:10 UTC`; what is no time stays as it is. */
export function formatMoment(time: string): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return time;
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function limitOf({ limit, unit }: AlertTransition): string {
  if (limit === undefined) return "";
  const bounds = typeof limit === "object" ? limit : [limit];
  return `, limit ${bounds.map((bound) => formatQuantity(bound, unit)).join(" to ")}`;
}

/** Undefined where there is none. */
function lengthOf(from: string, to: string | null): string | undefined {
  const ms = to === null ? 0 : Date.parse(to) - Date.parse(from);
  return ms > 0 ? formatDuration(ms) : undefined;
}

function line(text: string): string {
  return printable(shorten(text, mostText));
}

function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2_000 || !URL.canParse(text)) return undefined;
  const { href, protocol } = new URL(text);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}
