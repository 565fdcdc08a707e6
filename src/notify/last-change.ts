/** What is remembered of the last change of an alert that waits: enough to judge when it is told. */
import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { type GatewayId, type SiteId, toGatewayId } from "../core/ids.ts";
import { rankOf, type SeverityRank } from "../core/severity-rank.ts";
import { orderOf, type TransitionOrder } from "../stream/transition-order.ts";
import type { NoticeGroup } from "./receiver.ts";
import { groupOf, type TellingPlan } from "./telling-plan.ts";

export interface LastChange {
  readonly episode: string;
  readonly state: AlertTransition["state"];
  readonly order: TransitionOrder;
  readonly rank: SeverityRank;
  readonly late: boolean;
  /** Its rule says that another alert may explain it. */
  readonly isExplainable: boolean;
  /** When it was learned, by the processor's clock. */
  readonly learnedMs: EpochMs;
  readonly site: SiteId;
  /** Undefined where it is about no gateway alone. */
  readonly gateway: GatewayId | undefined;
  /** Undefined where the receiver is not told of such an alert. */
  readonly plan: TellingPlan | undefined;
  /** Undefined where it is told by itself. */
  readonly group: NoticeGroup | undefined;
  /** Told again so often; undefined for never. */
  readonly repeatMs: number | undefined;
}

export function lastChange(
  transition: AlertTransition,
  plan: TellingPlan | undefined,
  alone: boolean,
): LastChange {
  const { episode, handling, labels, late, observed_at, severity, state } = transition;
  const gateway = labels["gateway"];
  return {
    episode,
    state,
    order: orderOf(transition),
    rank: rankOf(severity),
    late,
    isExplainable: (handling?.suppressed_by ?? []).length > 0,
    learnedMs: Date.parse(observed_at),
    site: siteOfAlert(transition),
    gateway: gateway === undefined ? undefined : toGatewayId(gateway),
    plan,
    group: plan && !alone ? groupOf(transition, plan) : undefined,
    repeatMs: alone || !plan ? undefined : (handling?.renotify_every_ms ?? plan.repeatMs),
  };
}
