/** What somebody did to an alert, as it is stored. */
import type { EpochMs } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import type { OperatorAction } from "../core/operator-action.ts";
import type { AlertView } from "./alert-view.ts";
import type { WantedAction } from "./judge-action.ts";

/** What is to be done, and who wants it. */
export interface Order extends WantedAction {
  readonly by: string;
  readonly once?: boolean;
}

/** `view` is how the alert was seen when it was done. */
export function makeAction(
  id: string,
  view: AlertView,
  order: Order,
  nowMs: EpochMs,
): OperatorAction {
  const { by, forMs, once, reason, verb } = order;
  const { instance, last, site } = view;
  const isAboutEpisode = verb === "ack" || verb === "reset" || verb === "clear";
  return {
    ...{ schema: "alert.action/1", id, verb, site, instance, by, at: formatTime(nowMs) },
    ...(isAboutEpisode && last && { episode: last.episode, n: last.n }),
    ...(forMs !== undefined && { until: formatTime(nowMs + forMs) }),
    ...(once === true && { once }),
    ...(reason !== undefined && { reason }),
  };
}
