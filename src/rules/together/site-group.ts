/** A window over all gateways of a site: the panes that wait for the line, and who judges them. */
import type { EpochMs } from "../../core/clock.ts";
import { type GatewayId, type SiteId, toGatewayId } from "../../core/ids.ts";
import { wholeOf } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import type { Outbox } from "../words/outbox.ts";
import { type GroupEnd, GroupJudge, type GroupJudgeState, madeBy } from "./group-judge.ts";
import { joinPanes, type SealedPane } from "./sealed-pane.ts";

/** Plain JSON. */
export interface SiteGroupState {
  readonly rule: string;
  readonly made: string;
  readonly judge?: GroupJudgeState;
  readonly waiting: readonly (readonly [gateway: string, panes: readonly SealedPane[]])[];
}

export class SiteGroup {
  readonly rule: NamedRule;
  /** Undefined before the first pane. */
  judge: GroupJudge | undefined;
  readonly #site: SiteId;
  readonly #outbox: Outbox;
  readonly #condition: WindowCondition;
  readonly #made: string;
  readonly #waiting: Map<GatewayId, SealedPane[]>;

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
    const goesOn = state === undefined || state.made === this.#made;
    if (state?.judge) this.judge = this.#open(state.judge, goesOn);
    this.#waiting = new Map(
      (goesOn ? (state?.waiting ?? []) : []).map(([gateway, panes]) => [
        toGatewayId(gateway),
        [...panes],
      ]),
    );
  }

  /** Keeps a pane; gives how many of its gateway wait. */
  wait(gateway: GatewayId, pane: SealedPane): number {
    const panes = this.#waiting.get(gateway) ?? [];
    this.#waiting.set(gateway, panes);
    return panes.push(pane);
  }

  /** The line of the site reaches `standMs`. */
  advance(standMs: EpochMs): void {
    const { agg, everyMs } = this.#condition;
    const over = new Map<EpochMs, SealedPane[]>();
    // Sums do not depend on which gateway was met first.
    for (const gateway of [...this.#waiting.keys()].sort()) {
      const panes = this.#waiting.get(gateway) ?? [];
      const end = panes.findIndex(({ startMs }) => startMs + everyMs > standMs);
      for (const pane of panes.splice(0, end < 0 ? panes.length : end)) {
        const same = over.get(pane.startMs);
        if (same) same.push(pane);
        else over.set(pane.startMs, [pane]);
      }
      if (panes.length === 0) this.#waiting.delete(gateway);
    }
    for (const startMs of [...over.keys()].sort((one, other) => one - other)) {
      const pane = joinPanes(agg, over.get(startMs) ?? []);
      if (!pane) continue;
      this.judge ??= this.#open(startMs, true);
      this.judge.take(pane);
    }
    this.judge?.advance(standMs);
  }

  end(reason: GroupEnd, atMs: EpochMs): void {
    this.#waiting.clear();
    this.judge?.end(reason, atMs);
  }

  toState(): SiteGroupState {
    return {
      rule: this.rule.id,
      made: this.#made,
      ...(this.judge && { judge: this.judge.toState() }),
      waiting: [...this.#waiting],
    };
  }

  #open(from: EpochMs | GroupJudgeState, goesOn: boolean): GroupJudge {
    const whole = wholeOf({ site: this.#site, gateway: toGatewayId("") }, "site");
    return new GroupJudge(this.rule, this.#condition, whole, this.#outbox, from, goesOn);
  }
}
