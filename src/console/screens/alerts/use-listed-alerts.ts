/** The alerts of a list: those of now come live, those that are over are asked for. */
import { useMemo } from "preact/hooks";
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { LiveRows } from "../../state/live.ts";
import { type Asked, useAnswer } from "../../state/use-answer.ts";
import type { AlertList } from "./alert-lists.ts";

export interface ListedAlerts extends LiveRows<AlertRow> {
  /** Why they could not be asked for. */
  readonly problem: Asked<unknown>["problem"];
  again(): void;
}

export function useListedAlerts(live: LiveRows<AlertRow>, list: AlertList): ListedAlerts {
  const isPast = list === "history";
  const asked = useAnswer<{ readonly alerts: readonly AlertRow[] }>(
    isPast ? "/alerts" : undefined,
    { list: "history" },
  );
  const past = useMemo(
    () => new Map(asked.value?.alerts.map((row) => [row.instance, row])),
    [asked.value],
  );
  if (!isPast) return { ...live, problem: undefined, again: asked.again };
  return {
    rows: past,
    isLoaded: asked.value !== undefined,
    problem: asked.problem,
    again: asked.again,
  };
}
