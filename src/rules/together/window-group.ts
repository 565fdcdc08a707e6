/** A window over all devices of one gateway that a rule selects, and who judges it. */
import type { EpochMs } from "../../core/clock.ts";
import type { EngineCounts } from "../rule-desk.ts";
import type { NamedRule } from "../rule-set.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import { type GroupJudge, madeBy } from "./group-judge.ts";
import { GroupPanes, type GroupPanesState } from "./group-panes.ts";
import type { SealedPane } from "./sealed-pane.ts";

export class WindowGroup {
  readonly rule: NamedRule;
  readonly condition: WindowCondition;
  readonly counts: EngineCounts;
  readonly panes: GroupPanes;
  readonly made: string;
  /** How many devices the rule selects, whether they are there or not. */
  deviceCount = 0;
  /** Undefined where the site judges, or before the first pane. */
  judge: GroupJudge | undefined;

  constructor(
    rule: NamedRule,
    condition: WindowCondition,
    counts: EngineCounts,
    saved?: GroupPanesState,
  ) {
    this.rule = rule;
    this.condition = condition;
    this.counts = counts;
    this.panes = new GroupPanes(condition, saved);
    this.made = madeBy(rule, condition);
  }

  /** Panes that are over at `reachMs`, for whoever judges them. */
  seal(reachMs: EpochMs): Iterable<SealedPane> {
    return this.panes.seal(reachMs);
  }
}
