/** Which alerts a person means: by id, by the beginning of one, or by rule and device. */
import { namesOfRule } from "../alerts/rule-circles.ts";
import type { AlertTransition } from "../core/alert.ts";
import { GatewayError } from "../core/errors.ts";
import { matchesGlob } from "../core/glob.ts";
import { suggest } from "../core/suggest.ts";
import { aboutOf, nameOfAlert } from "./alerts-text.ts";

/** A shorter beginning of an id is taken for a name. */
const shortestPrefix = 4;
/** Names that are compared with one that nobody has. */
const mostCompared = 20_000;
const mostListed = 10;

export interface Meant {
  readonly alert: string;
  readonly device: string | undefined;
  readonly site?: string;
}

/** All that can be meant, at least one. Throws `not-found` with what may have been meant instead. */
export function findAlerts(
  heads: Iterable<AlertTransition>,
  { alert, device, site }: Meant,
): readonly AlertTransition[] {
  const all = [...heads].filter(
    ({ labels }) => site === undefined || matchesGlob(site, labels["site"] ?? ""),
  );
  const named = all.filter((head) => isMeant(head, alert));
  if (named.length === 0)
    throw new GatewayError(
      "not-found",
      `no alert is called ${alert}, or it has never fired; ${advice(alert, all)}`,
    );
  if (device === undefined) return named;
  const found = named.filter(({ labels }) => aboutOf(labels) === device);
  if (found.length > 0) return found;
  const devices = named.map(({ labels }) => aboutOf(labels));
  const meant = suggest(device, devices.slice(0, mostCompared));
  const there = [...new Set(devices)].slice(0, mostListed).join(", ") || "none";
  throw new GatewayError(
    "not-found",
    `${alert} has not fired for ${device}; ${meant ? `did you mean ${meant}?` : `it has for ${there}`}`,
  );
}

/** One of several; throws `usage` with a list of them where nothing says which. */
export function requireOne(found: readonly AlertTransition[], otherwise: string): AlertTransition {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const listed = found.slice(0, mostListed).map((one) => `${one.instance} ${nameOfAlert(one)}`);
  const more = found.length > mostListed ? ` and ${found.length - mostListed} more` : "";
  throw new GatewayError(
    "usage",
    `these are ${found.length} alerts; ${otherwise} ${listed.join(", ")}${more}`,
  );
}

function isMeant({ instance, rule }: AlertTransition, alert: string): boolean {
  if (namesOfRule(rule).includes(alert)) return true;
  return alert.length >= shortestPrefix && instance.startsWith(alert.toLowerCase());
}

function advice(alert: string, all: readonly AlertTransition[]): string {
  const rules = [...new Set(all.map(({ rule }) => rule))].slice(0, mostCompared);
  const ids = all.slice(0, mostCompared).map(({ instance }) => instance);
  const meant = suggest(alert, [...rules.flatMap(namesOfRule), ...ids]);
  return meant === undefined ? "sluicegate alerts ls --all lists them" : `did you mean ${meant}?`;
}
