/** What rules made of what was recorded, for people and for programs. */
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import type { BacktestResult } from "../rules/trial/backtest.ts";
import type { EpisodeComparison, MovedEpisode } from "../rules/trial/compare-episodes.ts";
import type { Episode } from "../rules/trial/episode-book.ts";
import { type EpisodeTotals, totalsBy, totalsOf } from "../rules/trial/episode-totals.ts";
import { tableLines } from "./print-table.ts";

const dayMs = 86_400_000;

/** What was heard. */
export interface Heard {
  readonly events: number;
  readonly gateways: number;
  readonly others: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly tookMs: number;
  /** What is to be known of it, in words. */
  readonly notes: readonly string[];
}

export function sayHeard(heard: Heard): string {
  const { events, gateways, others, tookMs } = heard;
  const rate = Math.round(events / Math.max(0.001, tookMs / 1_000));
  const rest = others > 0 ? `; ${counted(others, "line")} of other things` : "";
  const span = formatDuration(spanOf(heard));
  return `${counted(events, "event")} of ${counted(gateways, "gateway")}, ${span}; heard in ${formatDuration(tookMs)}, ${rate} a second${rest}`;
}

export function resultLines(result: BacktestResult, heard: Heard, by: "rule" | "device"): string[] {
  const totals = totalsBy(result.episodes, by, heard.lastMs);
  if (totals.size === 0) return ["no alerts"];
  const rows = Array.from(totals, ([name, each]) => [name, ...cellsOf(each, heard)]);
  const more = result.left > 0 ? [`and ${counted(result.left, "episode")} more`] : [];
  return [...tableLines([["ALERT", ...heads], ...rows]), ...more];
}

export function sweepLines(
  sweep: string,
  rows: readonly (readonly [value: number | string, result: BacktestResult])[],
  heard: Heard,
): string[] {
  const name = sweep.slice(0, sweep.indexOf("="));
  return tableLines([
    [name, ...heads],
    ...rows.map(([value, { episodes }]) => [
      String(value),
      ...cellsOf(totalsOf(episodes, heard.lastMs), heard),
    ]),
  ]);
}

export function againstLines(compared: EpisodeComparison, against: string): string[] {
  const { moved, onlyHere, onlyThere, same } = compared;
  return [
    ...onlyHere.map((episode) => `only here   ${sayEpisode(episode)}`),
    ...onlyThere.map((episode) => `only there  ${sayEpisode(episode)}`),
    ...moved.map((each) => `moved       ${sayEpisode(each.here)}: there ${sayMove(each)}`),
    `${same} the same, ${onlyHere.length} only here, ${onlyThere.length} only in ${against}, ${moved.length} moved`,
  ];
}

/** As JSON; with each episode unless there are several results. */
export function plainResult(
  { episodes, instances, left }: BacktestResult,
  heard: Heard,
  by: "rule" | "device",
  isListed = true,
): object {
  return {
    ...{ instances, left, ...totalsOf(episodes, heard.lastMs), days: spanOf(heard) / dayMs },
    ...(isListed && {
      by: Object.fromEntries(totalsBy(episodes, by, heard.lastMs)),
      list: episodes,
    }),
  };
}

const heads = ["EPISODES", "PER DAY", "LONGEST", "IN ALARM", "NOTICES"];

function cellsOf(totals: EpisodeTotals, heard: Heard): string[] {
  const { episodes, inAlarmMs, longestMs, notices } = totals;
  const spanMs = spanOf(heard);
  return [
    String(episodes),
    spanMs > 0 ? ((episodes * dayMs) / spanMs).toFixed(1) : "-",
    formatDuration(longestMs),
    formatDuration(inAlarmMs),
    String(notices),
  ];
}

function spanOf({ firstMs, lastMs }: Heard): number {
  return Math.max(0, lastMs - firstMs) || 0;
}

function sayEpisode({ alert, endedMs, firedMs, subject }: Episode): string {
  const lasted = endedMs === undefined ? "fires on" : formatDuration(endedMs - firedMs);
  return `${alert} ${subject} ${formatTime(firedMs)} ${lasted}`;
}

function sayMove({ endsLaterMs, firesLaterMs, here, there }: MovedEpisode): string {
  const parts = [
    ...sayShift("fires", firesLaterMs),
    ...(endsLaterMs === undefined ? [] : sayShift("ends", endsLaterMs)),
    ...(endsLaterMs === undefined && here.endedMs !== there.endedMs
      ? [there.endedMs === undefined ? "fires on" : `ends at ${formatTime(there.endedMs)}`]
      : []),
  ];
  return parts.join(", ");
}

function sayShift(what: string, byMs: number): string[] {
  if (byMs === 0) return [];
  return [`${what} ${formatDuration(Math.abs(byMs))} ${byMs > 0 ? "later" : "earlier"}`];
}
