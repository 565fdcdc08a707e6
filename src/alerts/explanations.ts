/**
 * Which alert explains which: both ways, by the alerts that fire now.
 *
 * Only alerts of one site explain each other, and only where both have all the labels that must be
 * equal. Rules that would hide each other in a circle do so one way: there an alert hides those that
 * began behind it. So whatever is hidden, what explains it in the end is not.
 */
import type { AlertTransition, SuppressedBy } from "../core/alert.ts";
import type { AlertItem } from "./alert-item.ts";
import { namesOfRule, RuleCircles } from "./rule-circles.ts";

/** Ways to match that are kept; what comes with another one is shown. */
const mostWays = 1_000;

/** One matcher, and the alerts that it could mean, by the labels that must be equal. */
interface Way extends SuppressedBy {
  readonly byLabels: Map<string, Set<AlertItem>>;
}

/** Where an alert that explains others stands. */
interface Stand {
  readonly transition: AlertTransition;
  readonly in: { readonly way: Way; readonly key: string }[];
}

export class Explanations {
  /** By the alert they name, then by the labels. */
  readonly #ways = new Map<string, Map<string, Way>>();
  #wayCount = 0;
  readonly #stands = new Map<AlertItem, Stand>();
  readonly #circles = new RuleCircles();

  /** To be called when an alert may have begun or ceased to explain others, or to be explained. */
  note(item: AlertItem): void {
    const { last } = item;
    if (!last) return;
    for (const { alert, equal } of item.handling.suppressedBy) {
      this.#makeWay(alert, equal);
      this.#circles.note(last.rule, alert);
    }
    this.drop(item);
    if (!item.isFiring || item.outOfService) return;
    const stand: Stand = { transition: last, in: [] };
    this.#stands.set(item, stand);
    for (const name of namesOfRule(last.rule))
      for (const way of this.#ways.get(name)?.values() ?? []) put(item, stand, way);
  }

  /** The alert explains nothing any more. */
  drop(item: AlertItem): void {
    for (const { key, way } of this.#stands.get(item)?.in ?? []) {
      const items = way.byLabels.get(key);
      items?.delete(item);
      if (items?.size === 0) way.byLabels.delete(key);
    }
    this.#stands.delete(item);
  }

  /** What explains the alert; undefined where nothing does. */
  of(item: AlertItem): AlertTransition | undefined {
    const { last } = item;
    if (!last) return undefined;
    for (const { alert, equal } of item.handling.suppressedBy) {
      const key = keyOf(last, equal);
      const others =
        key === undefined ? [] : this.#ways.get(alert)?.get(nameOf(equal))?.byLabels.get(key);
      const isInCircle = this.#circles.isIn(last.rule, alert);
      for (const other of others ?? [])
        if (other !== item && (!isInCircle || other.openedSeq < item.openedSeq)) return other.last;
    }
    return undefined;
  }

  #makeWay(alert: string, equal: readonly string[]): void {
    const ways = this.#ways.get(alert) ?? new Map<string, Way>();
    if (ways.has(nameOf(equal)) || this.#wayCount >= mostWays) return;
    const way: Way = { alert, equal, byLabels: new Map() };
    this.#ways.set(alert, ways.set(nameOf(equal), way));
    this.#wayCount += 1;
    for (const [item, stand] of this.#stands)
      if (namesOfRule(stand.transition.rule).includes(alert)) put(item, stand, way);
  }
}

function put(item: AlertItem, stand: Stand, way: Way): void {
  const key = keyOf(stand.transition, way.equal);
  if (key === undefined) return;
  const items = way.byLabels.get(key);
  if (items) items.add(item);
  else way.byLabels.set(key, new Set([item]));
  stand.in.push({ way, key });
}

function nameOf(equal: readonly string[]): string {
  return JSON.stringify(equal);
}

/** The site and the values of the labels; undefined where one is not there. */
function keyOf({ labels }: AlertTransition, equal: readonly string[]): string | undefined {
  const values = ["site", ...equal].map((label) =>
    Object.hasOwn(labels, label) ? labels[label] : undefined,
  );
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}
