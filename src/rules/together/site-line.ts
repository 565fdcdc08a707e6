/**
 * The line of a site: the lowest of those of its gateways. Panes that gateways sealed wait until the
 * line passes their end, so it does not matter in which order gateways are read.
 *
 * A gateway that is away holds the line, since what it has to say is still to come; so long that
 * `mostWaiting` panes of another wait for it. Then the line goes on without it, and what it has from
 * before is left out, until it has caught up. One that stopped on purpose, or is removed, holds nothing.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { GatewayId, SiteId } from "../../core/ids.ts";
import { toGatewayId } from "../../core/ids.ts";
import { never } from "../alarms/alarm.ts";
import type { Dismissed, EngineCounts } from "../rule-desk.ts";
import type { RuleIndex } from "../rule-index.ts";
import type { NamedRule } from "../rule-set.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import type { Outbox } from "../words/outbox.ts";
import { endUnjudged, type TransitionDraft } from "../words/transition.ts";
import type { SealedPane } from "./sealed-pane.ts";
import { SiteGroup, type SiteGroupState } from "./site-group.ts";

/** A day of panes of a minute. */
const mostWaiting = 1_440;

/** Plain JSON. */
export interface SiteLineState {
  readonly site: SiteId;
  /** How far it stands; absent before the first watermark of each. */
  readonly stand?: number;
  readonly lines: readonly (readonly [gateway: string, lineMs: number | null, holds: 0 | 1])[];
  readonly groups: readonly SiteGroupState[];
  readonly removed?: readonly Dismissed[];
}

interface GatewayStand {
  lineMs: EpochMs;
  holds: boolean;
}

export class SiteLine {
  readonly site: SiteId;
  readonly #outbox: Outbox;
  readonly #counts: EngineCounts;
  readonly #isAsked: boolean;
  readonly #lines = new Map<GatewayId, GatewayStand>();
  readonly #groups = new Map<string, SiteGroup>();
  #removed: readonly Dismissed[];
  #standMs: EpochMs;

  constructor(
    site: SiteId,
    rules: RuleIndex,
    outbox: Outbox,
    counts: EngineCounts,
    saved?: SiteLineState,
  ) {
    this.site = site;
    this.#outbox = outbox;
    this.#counts = counts;
    this.#isAsked = rules.isAboutSites;
    this.#standMs = saved?.stand ?? never;
    for (const [gateway, lineMs, holds] of saved?.lines ?? [])
      this.#lines.set(toGatewayId(gateway), { lineMs: lineMs ?? never, holds: holds === 1 });
    const removed = [...(saved?.removed ?? [])];
    for (const state of saved?.groups ?? []) {
      const rule = rules.get(state.rule);
      const last = state.judge?.judged.last;
      if (rule?.per === "site" && rule.condition.kind === "window")
        this.#groups.set(state.rule, new SiteGroup(site, rule, rule.condition, outbox, state));
      else if (last) removed.push({ last, reason: rule ? "rule_changed" : "rule_removed" });
    }
    this.#removed = removed;
  }

  get groups(): Iterable<SiteGroup> {
    return this.#groups.values();
  }

  /** A gateway of the site is there: from now on it holds the line. */
  meet(gateway: GatewayId): void {
    if (!this.#lines.has(gateway)) this.#lines.set(gateway, { lineMs: never, holds: true });
  }

  /** A pane of a gateway that is over. */
  take(gateway: GatewayId, rule: NamedRule, condition: WindowCondition, pane: SealedPane): void {
    const passedMs = Math.max(this.#standMs, this.#lines.get(gateway)?.lineMs ?? never);
    if (pane.startMs + condition.everyMs <= passedMs) {
      this.#counts.outOfOrder += 1;
      return;
    }
    const group =
      this.#groups.get(rule.id) ?? new SiteGroup(this.site, rule, condition, this.#outbox);
    this.#groups.set(rule.id, group);
    if (group.wait(gateway, pane) <= mostWaiting) return;
    for (const line of this.#lines.values())
      if (line.lineMs < pane.startMs - (mostWaiting - 1) * condition.everyMs) line.holds = false;
  }

  /** The line of a gateway reaches `reachMs`, and its panes up to there were given. */
  reach(gateway: GatewayId, reachMs: EpochMs): void {
    const line = this.#lines.get(gateway);
    if (!line) return;
    line.lineMs = Math.max(line.lineMs, reachMs);
    line.holds ||= line.lineMs >= this.#standMs;
    this.#goOn();
  }

  /** The gateway stopped on purpose. */
  release(gateway: GatewayId): void {
    const line = this.#lines.get(gateway);
    if (!line?.holds) return;
    line.holds = false;
    this.#goOn();
  }

  /** The gateway is back from a stop. */
  hold(gateway: GatewayId): void {
    const line = this.#lines.get(gateway);
    if (line) line.holds = true;
  }

  /** The gateway is gone for good; with the last one the alerts of the site end. */
  remove(gateway: GatewayId): void {
    if (!this.#lines.delete(gateway)) return;
    if (this.#lines.size > 0) this.#goOn();
    else for (const group of this.#groups.values()) group.end("gateway_removed", this.#standMs);
  }

  /** Lets an alert of the site go on behind `stored`; gives its end where it does not. */
  goOnBehind(stored: TransitionDraft): TransitionDraft | undefined {
    const group = this.#groups.get(stored.rule);
    if (group?.judge?.goOnBehind(stored) || stored.state === "ended") return undefined;
    const isSame = group?.rule.rev === stored.rule_rev;
    return endUnjudged(stored, isSame ? "data_lost" : "rule_changed", this.#standMs);
  }

  /** The last transitions of all episodes that are open. */
  *open(): Iterable<TransitionDraft> {
    for (const { judge } of this.#groups.values()) if (judge?.last) yield judge.last;
    for (const { last } of this.#removed) yield last;
  }

  /** Undefined where no rule is about sites. */
  toState(): SiteLineState | undefined {
    if (!this.#isAsked && this.#removed.length === 0) return undefined;
    return {
      site: this.site,
      ...(this.#standMs !== never && { stand: this.#standMs }),
      lines: Array.from(this.#lines, ([gateway, { holds, lineMs }]) => [
        gateway,
        lineMs === never ? null : lineMs,
        holds ? 1 : 0,
      ]),
      groups: Array.from(this.#groups.values(), (group) => group.toState()),
      ...(this.#removed.length > 0 && { removed: this.#removed }),
    };
  }

  #goOn(): void {
    let standMs = Number.POSITIVE_INFINITY;
    for (const { holds, lineMs } of this.#lines.values())
      if (holds) standMs = Math.min(standMs, lineMs);
    if (standMs === Number.POSITIVE_INFINITY)
      standMs = Math.max(...Array.from(this.#lines.values(), ({ lineMs }) => lineMs));
    if (standMs <= this.#standMs) return;
    this.#standMs = standMs;
    for (const { last, reason } of this.#removed)
      this.#outbox.put(endUnjudged(last, reason, standMs));
    this.#removed = [];
    for (const group of this.#groups.values()) group.advance(standMs);
  }
}
