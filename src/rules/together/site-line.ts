/**
 * The line of a site: the lowest of those of its gateways. Panes that gateways sealed wait until the
 * line passes their end, so it does not matter in which order gateways are read.
 *
 * A gateway that is away holds the line, since what it has to say is still to come, for an hour at
 * most; one that stopped on purpose for a minute, since it may only start anew. It is the hub that
 * sees how long: `see`. Then the line goes on without it, and what it has from before is left out,
 * until it has caught up.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { GatewayId, SiteId } from "../../core/ids.ts";
import { never } from "../alarms/alarm.ts";
import type { Dismissed, EngineCounts } from "../rule-desk.ts";
import type { RuleIndex } from "../rule-index.ts";
import type { NamedRule } from "../rule-set.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import type { Outbox } from "../words/outbox.ts";
import { endUnjudged, type TransitionDraft } from "../words/transition.ts";
import { GatewayStand, type StandState } from "./gateway-stand.ts";
import type { GroupEnd } from "./group-judge.ts";
import type { SealedPane } from "./sealed-pane.ts";
import { SiteGroup, type SiteGroupState } from "./site-group.ts";

/** A day of panes of a minute: whoever reads goes no further ahead of the other gateways. */
const farAhead = 1_440;
/** Whatever anybody does, no more wait. */
const mostWaiting = 100_000;

/** Plain JSON. */
export interface SiteLineState {
  readonly site: SiteId;
  /** How far it stands; absent before the first watermark of each. */
  readonly stand?: number;
  readonly gateways: readonly StandState[];
  readonly groups: readonly SiteGroupState[];
  readonly removed?: readonly Dismissed[];
}

export class SiteLine {
  readonly site: SiteId;
  readonly #outbox: Outbox;
  readonly #counts: EngineCounts;
  readonly #isAboutSites: boolean;
  readonly #gateways = new Map<GatewayId, GatewayStand>();
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
    this.#isAboutSites = rules.isAboutSites;
    this.#standMs = saved?.stand ?? never;
    for (const { gateway, ...stand } of saved?.gateways ?? [])
      this.#gateways.set(gateway, new GatewayStand(stand));
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

  /** True where somebody asks how far it goes. */
  get isAsked(): boolean {
    return this.#isAboutSites || this.#removed.length > 0;
  }

  get groups(): Iterable<SiteGroup> {
    return this.#groups.values();
  }

  /** How far it stands; `never` before the first watermark of each gateway. */
  get standMs(): EpochMs {
    return this.#standMs;
  }

  get gateways(): ReadonlyMap<GatewayId, GatewayStand> {
    return this.#gateways;
  }

  /** These have streams: the site waits for those that said nothing yet, and for no others. */
  expect(gateways: ReadonlySet<GatewayId>): void {
    for (const [gateway, { isHeard }] of this.#gateways)
      if (!isHeard && !gateways.has(gateway)) this.#gateways.delete(gateway);
    for (const gateway of gateways) this.#standOf(gateway);
    this.#goOn();
  }

  /** A gateway is there: the site waits for its first watermark. */
  await(gateway: GatewayId): void {
    this.#standOf(gateway);
  }

  /** A gateway has its first watermark, or another: its line will reach `reachMs`. */
  meet(gateway: GatewayId, reachMs: EpochMs): void {
    this.#standOf(gateway).join(reachMs, this.#standMs);
  }

  /** A pane of a gateway that is over. */
  take(gateway: GatewayId, rule: NamedRule, condition: WindowCondition, pane: SealedPane): void {
    const stand = this.#standOf(gateway);
    if (!stand.takesPartIn(pane.startMs)) return;
    const passedMs = Math.max(this.#standMs, stand.lineMs);
    if (pane.startMs + condition.everyMs <= passedMs) {
      this.#counts.outOfOrder += 1;
      return;
    }
    const { panes } = this.#groupOf(rule, condition);
    panes.wait(gateway, pane);
    if (panes.waitingOf(gateway) <= mostWaiting) return;
    for (const each of this.#gateways.values())
      if (each.lineMs < pane.startMs - (mostWaiting - 1) * condition.everyMs) each.holds = false;
  }

  /** The line of a gateway reaches `reachMs`, and its panes up to there were given. */
  reach(gateway: GatewayId, reachMs: EpochMs): void {
    this.#standOf(gateway).reach(reachMs, this.#standMs);
    this.#goOn();
  }

  /** The clock of a gateway was set to `tMs`. */
  leap(gateway: GatewayId, tMs: EpochMs): void {
    if (!this.#gateways.get(gateway)?.leap(tMs)) return;
    for (const { panes } of this.#groups.values()) panes.drop(gateway);
  }

  /** The gateway does not know what time it is: until it does, the site goes on without it. */
  waive(gateway: GatewayId): void {
    this.#standOf(gateway).holds = false;
    this.#goOn();
  }

  /** The last that the gateway said is that it stops, or it is not. */
  rest(gateway: GatewayId, isStopped: boolean): void {
    this.#standOf(gateway).isStopped = isStopped;
  }

  /** All that there is of the gateway was read, and nothing came for `quietMs`. */
  see(gateway: GatewayId, quietMs: number): void {
    const stand = this.#gateways.get(gateway);
    const furthestMs = Math.max(...Array.from(this.#gateways.values(), ({ reachMs }) => reachMs));
    if (!stand?.holds || !stand.isOverdue(quietMs, furthestMs)) return;
    stand.holds = false;
    this.#goOn();
  }

  /** True while so many panes of the gateway wait for others that reading those comes first. */
  isAhead(gateway: GatewayId): boolean {
    for (const { panes } of this.#groups.values())
      if (panes.waitingOf(gateway) >= farAhead) return true;
    return false;
  }

  /** A gateway has its first device that the rule selects. */
  enter(gateway: GatewayId, rule: NamedRule, condition: WindowCondition): void {
    this.#groupOf(rule, condition).members.note(gateway, this.#momentOf(gateway, 0));
  }

  /** It has none any more, since `atMs` or from where it stands. */
  exit(gateway: GatewayId, rule: string, reason: GroupEnd, atMs: EpochMs): void {
    this.#groups.get(rule)?.members.note(gateway, this.#momentOf(gateway, atMs), reason);
  }

  /** The gateway is gone for good. */
  remove(gateway: GatewayId): void {
    if (!this.#gateways.delete(gateway)) return;
    for (const group of this.#groups.values()) group.remove(gateway, this.#standMs);
    this.#goOn();
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
    if (!this.isAsked) return undefined;
    return {
      site: this.site,
      ...(this.#standMs !== never && { stand: this.#standMs }),
      gateways: Array.from(this.#gateways, ([gateway, stand]) => ({
        gateway,
        ...stand.toState(),
      })),
      groups: Array.from(this.#groups.values(), (group) => group.toState()),
      ...(this.#removed.length > 0 && { removed: this.#removed }),
    };
  }

  #standOf(gateway: GatewayId): GatewayStand {
    const stand = this.#gateways.get(gateway) ?? new GatewayStand();
    this.#gateways.set(gateway, stand);
    return stand;
  }

  #groupOf(rule: NamedRule, condition: WindowCondition): SiteGroup {
    const group =
      this.#groups.get(rule.id) ?? new SiteGroup(this.site, rule, condition, this.#outbox);
    this.#groups.set(rule.id, group);
    return group;
  }

  #momentOf(gateway: GatewayId, atMs: EpochMs): EpochMs {
    return Math.max(atMs, this.#standOf(gateway).lineMs, 0);
  }

  #goOn(): void {
    let standMs = Number.POSITIVE_INFINITY;
    let furthestMs = never;
    for (const { holds, reachMs } of this.#gateways.values()) {
      furthestMs = Math.max(furthestMs, reachMs);
      if (holds) standMs = Math.min(standMs, reachMs);
    }
    if (standMs === Number.POSITIVE_INFINITY) standMs = furthestMs;
    if (standMs <= this.#standMs) return;
    this.#standMs = standMs;
    for (const { last, reason } of this.#removed)
      this.#outbox.put(endUnjudged(last, reason, standMs));
    this.#removed = [];
    for (const group of this.#groups.values()) group.advance(standMs);
  }
}
