/** Transitions and actions as the stream of alerts has them, in a row. */
import { AlertBoard, type BoardLimits } from "../../src/alerts/alert-board.ts";
import type { PlacedAction, PlacedTransition } from "../../src/alerts/placed.ts";
import type { AlertTransition } from "../../src/core/alert.ts";
import { toSiteId } from "../../src/core/ids.ts";
import type { OperatorAction, OperatorVerb } from "../../src/core/operator-action.ts";

export const startMs = Date.parse("2026-11-21T14:00:00.000Z");
const minuteMs = 60_000;

export function isoAt(minutes: number): string {
  return new Date(startMs + minutes * minuteMs).toISOString();
}

export const msAt = (minutes: number): number => startMs + minutes * minuteMs;

/** A transition of `device`, whose episode began at `begun` minutes; `n` as given. */
export function transitionOf(
  device: string,
  begun: number,
  n: number,
  changes: Partial<AlertTransition> & { readonly alert?: string; readonly minutes?: number } = {},
): AlertTransition {
  const { alert = "FreezerWarm", minutes = begun, ...fields } = changes;
  const episode = `${alert}-${device}-${begun}`;
  return {
    schema: "alert.transition/1",
    id: `${episode}.${n}`,
    episode,
    n,
    instance: `${alert}-${device}`,
    rule: `cold/${alert}`,
    rule_rev: "b1946ac9",
    state: "firing",
    reason: n === 1 ? "for_elapsed" : "level",
    severity: "warning",
    late: false,
    stale: false,
    labels: { site: "plant-a", gateway: "gw1", device },
    annotations: {},
    started_at: isoAt(begun),
    fired_at: isoAt(begun),
    ended_at: null,
    at: isoAt(minutes),
    observed_at: isoAt(minutes),
    ...fields,
  };
}

/** The end of the same. */
export function endOf(
  device: string,
  begun: number,
  n: number,
  minutes: number,
  changes: Parameters<typeof transitionOf>[3] = {},
): AlertTransition {
  const ended = { state: "ended", reason: "normal", minutes, ended_at: isoAt(minutes) } as const;
  return transitionOf(device, begun, n, { ...ended, ...changes });
}

/** An action of `ana` on `transition`, stored at `minutes`. */
export function actionOn(
  transition: AlertTransition,
  verb: OperatorVerb,
  minutes: number,
  fields: Partial<OperatorAction> = {},
): OperatorAction {
  const { episode, instance, n } = transition;
  const isAboutEpisode = verb === "ack" || verb === "reset" || verb === "clear";
  return {
    schema: "alert.action/1",
    id: `${verb}-${instance}-${minutes}`,
    verb,
    site: toSiteId("plant-a"),
    instance,
    ...(isAboutEpisode && { episode, n }),
    by: "ana",
    at: isoAt(minutes),
    ...fields,
  };
}

/** A board, and the stream it is made of. */
export function givenBoard(limits: Partial<BoardLimits> = {}) {
  const board = new AlertBoard(limits);
  const stream: ((to: AlertBoard) => void)[] = [];
  const put = (entry: (to: AlertBoard) => void): void => {
    stream.push(entry);
    entry(board);
  };
  return {
    board,
    stream,
    take(transition: AlertTransition): AlertTransition {
      const placed: PlacedTransition = { transition, streamSeq: stream.length + 1 };
      put((to) => void to.take(placed));
      return transition;
    },
    act(action: OperatorAction, minutes: number): void {
      const placed: PlacedAction = {
        action,
        streamSeq: stream.length + 1,
        storedMs: msAt(minutes),
      };
      put((to) => to.act(placed));
    },
    stateOf: (device: string, minutes: number, alert = "FreezerWarm") =>
      board.view(`${alert}-${device}`, msAt(minutes))?.state,
  };
}
