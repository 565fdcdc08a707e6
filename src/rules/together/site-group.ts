/** A window over all gateways of a site: its panes, whose devices it is about, and who judges it. */
import type { EpochMs } from "../../core/clock.ts";
import { type GatewayId, type SiteId, toGatewayId } from "../../core/ids.ts";
import { wholeOf } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import type { Outbox } from "../words/outbox.ts";
import { type GroupEnd, GroupJudge, type GroupJudgeState, madeBy } from "./group-judge.ts";
import { Membership, type MembershipState } from "./membership.ts";
import { SitePanes, type SitePanesState } from "./site-panes.ts";

/** Plain JSON. */
export interface SiteGroupState {
  readonly rule: string;
  readonly made: string;
  readonly judge?: GroupJudgeState;
  readonly panes: SitePanesState;
  readonly members: MembershipState;
}

export class SiteGroup {
  readonly rule: NamedRule;
  readonly panes: SitePanes;
  readonly members: Membership;
  /** Undefined before the first pane. */
  judge: GroupJudge | undefined;
  readonly #site: SiteId;
  readonly #outbox: Outbox;
  readonly #condition: WindowCondition;
  readonly #made: string;

  constructor(
    site: SiteId,
    rule: NamedRule,
    condition: WindowCondition,
    outbox: Outbox,
    state?: SiteGroupState,
  ) {
    this.rule = rule;
    this.#site = site;
    this.#outbox = outbox;
    this.#condition = condition;
    this.#made = madeBy(rule, condition);
    const goesOn = state?.made === this.#made;
    this.panes = new SitePanes(condition, goesOn ? state.panes : undefined);
    this.members = new Membership(state?.members);
    if (state?.judge) this.judge = this.#open(state.judge, goesOn);
  }

  /** The line of the site reaches `standMs`. */
  advance(standMs: EpochMs): void {
    const { everyMs } = this.#condition;
    for (const pane of this.panes.over(standMs)) {
      this.#passMembers(pane.startMs + everyMs);
      this.judge ??= this.#open(pane.startMs, true);
      this.judge.take(pane);
    }
    this.#passMembers(standMs);
    this.judge?.advance(standMs);
  }

  /** A gateway is gone for good; with the last one that has a device the alert ends, at `atMs`. */
  remove(gateway: GatewayId, atMs: EpochMs): void {
    this.panes.drop(gateway);
    if (this.members.remove(gateway)) this.#end("gateway_removed", atMs);
  }

  toState(): SiteGroupState {
    return {
      rule: this.rule.id,
      made: this.#made,
      ...(this.judge && { judge: this.judge.toState() }),
      panes: this.panes.toState(),
      members: this.members.toState(),
    };
  }

  #passMembers(toMs: EpochMs): void {
    for (const { atMs, reason } of this.members.pass(toMs)) this.#end(reason, atMs);
  }

  #end(reason: GroupEnd, atMs: EpochMs): void {
    this.judge?.end(reason, atMs);
  }

  #open(from: EpochMs | GroupJudgeState, goesOn: boolean): GroupJudge {
    const whole = wholeOf({ site: this.#site, gateway: toGatewayId("") }, "site");
    return new GroupJudge(this.rule, this.#condition, whole, this.#outbox, from, goesOn);
  }
}
