/** The story of an alert: what happened and what people did, in the order in which it was stored. */
import type { AlertView } from "../alerts/alert-view.ts";
import { stateWords } from "../alerts/display-state.ts";
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import { formatQuantity } from "../core/unit.ts";
import type { StoredTransition } from "../stream/alert-log.ts";
import type { StoredAction } from "../stream/operator-log.ts";
import { nameOfAlert, notesOf } from "./alerts-text.ts";
import { columns } from "./print-table.ts";

export type Chapter = StoredTransition | StoredAction;

/** What belongs to the latest episodes: their transitions, and all that was done since the first began. */
export function storyOf(
  {
    actions,
    transitions,
  }: {
    readonly actions: readonly StoredAction[];
    readonly transitions: readonly StoredTransition[];
  },
  episodes: number,
): readonly Chapter[] {
  const names = [...new Set(transitions.map(({ transition }) => transition.episode))];
  const wanted = new Set(names.slice(-episodes));
  const isAll = names.length <= episodes;
  const told = transitions.filter(({ transition }) => wanted.has(transition.episode));
  const fromSeq = isAll ? 0 : (told[0]?.streamSeq ?? 0);
  const done = actions.filter(
    ({ action, streamSeq }) =>
      streamSeq >= fromSeq || (action.episode !== undefined && wanted.has(action.episode)),
  );
  return [...told, ...done].sort((one, other) => one.streamSeq - other.streamSeq);
}

export function storyLines(
  head: AlertTransition,
  view: AlertView | undefined,
  story: readonly Chapter[],
  nowMs: EpochMs,
): string[] {
  const { annotations, fired_at, handling, instance, labels, rule, severity, started_at } = head;
  const summary = annotations["summary"];
  const runbook = typeof handling?.runbook_url === "string" ? handling.runbook_url : undefined;
  const ago = formatDuration(Math.max(0, nowMs - Date.parse(fired_at)));
  const said = Object.entries(labels).map(([name, text]) => `${name}: ${text}`);
  return [
    `${nameOfAlert(head)}   ${severity}   ${view ? stateWords(view.state) : head.state}`,
    `Id        ${instance}`,
    `Rule      ${rule}`,
    `Labels    ${said.join(", ")}`,
    ...(summary === undefined ? [] : [`Summary   ${summary}`]),
    ...(runbook === undefined ? [] : [`Runbook   ${runbook}`]),
    `Began     ${started_at}, fired ${fired_at}, ${ago} ago`,
    ...(head.ended_at === null ? [] : [`Ended     ${head.ended_at}`]),
    ...(view ? notesOf(view) : []).map((note) => `          ${note}`),
    "",
    ...columns(story.map(chapterCells)),
  ];
}

/** Of one line: when, what, and why or by whom. */
export function chapterCells(chapter: Chapter): readonly string[] {
  if ("transition" in chapter) {
    const { at, late, limit, reason, severity, state, unit, value } = chapter.transition;
    const compared = value === undefined ? "" : `  ${formatQuantity(value, unit)}`;
    const against = limit === undefined ? "" : ` (limit ${String(limit)})`;
    return [at, `${state} ${severity}`, `${reason}${compared}${against}${late ? "  late" : ""}`];
  }
  const { action, storedMs } = chapter;
  const { by, once, reason, until, verb } = action;
  const asked = until === undefined ? "" : `  for ${askedFor(action.at, until)}`;
  const words = `by ${by}${asked}${once ? " at most, until normal" : ""}`;
  return [formatTime(storedMs), verb, reason === undefined ? words : `${words}: ${reason}`];
}

function askedFor(at: string, until: string): string {
  return formatDuration(Date.parse(until) - Date.parse(at));
}
