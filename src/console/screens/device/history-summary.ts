/** What a history comes to, in words. Pure. */
import type { History } from "../../../api/shapes/history.ts";

/** Spans without data between two points. */
export function gapsOf({ atMs, mean }: History): { fromMs: number; toMs: number }[] {
  const gaps: { fromMs: number; toMs: number }[] = [];
  let lastMs: number | undefined;
  let isOpen = false;
  for (const [index, value] of mean.entries()) {
    const ms = atMs[index] ?? 0;
    if (value === null) isOpen = lastMs !== undefined;
    else {
      if (isOpen && lastMs !== undefined) gaps.push({ fromMs: lastMs, toMs: ms });
      lastMs = ms;
      isOpen = false;
    }
  }
  return gaps;
}

/** What a history comes to, in one sentence; a canvas says nothing to who cannot see it. */
export function summaryOf(history: History, say: (value: number) => string): string {
  const values = history.mean.flatMap((value) => (value === null ? [] : [value]));
  const least = reduceFinite(history.min, Math.min);
  const most = reduceFinite(history.max, Math.max);
  const last = values.at(-1);
  if (last === undefined || least === undefined || most === undefined)
    return changesText(history.texts.length);
  const gaps = gapsOf(history).length;
  return [
    `${values.length} points from ${say(least)} to ${say(most)}`,
    `the last ${say(last)}`,
    gaps === 0 ? "no gaps" : gaps === 1 ? "one gap" : `${gaps} gaps`,
    ...(history.late.length === 0 ? [] : [`${history.late.length} came late`]),
    ...(history.episodes.length === 0 ? [] : [`${history.episodes.length} alerts`]),
  ].join(", ");
}

/** Of what is no number: each is what it was from then on. */
function changesText(texts: number): string {
  if (texts === 0) return "No values";
  if (texts === 1) return "It was the same all the time";
  return texts === 2 ? "It changed once" : `It changed ${texts - 1} times`;
}

function reduceFinite(
  column: readonly (number | null)[],
  take: (one: number, other: number) => number,
): number | undefined {
  let found: number | undefined;
  for (const value of column)
    if (value !== null && Number.isFinite(value))
      found = found === undefined ? value : take(found, value);
  return found;
}
