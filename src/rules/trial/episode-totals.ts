/** Episodes counted: how often, how long. */
import type { Episode } from "./episode-book.ts";

export interface EpisodeTotals {
  readonly episodes: number;
  /** What people would have been told. */
  readonly notices: number;
  readonly longestMs: number;
  /** All of them together. */
  readonly inAlarmMs: number;
}

/** `endMs`: to which time those that fire still are counted. */
export function totalsOf(episodes: Iterable<Episode>, endMs: number): EpisodeTotals {
  let [count, notices, longestMs, inAlarmMs] = [0, 0, 0, 0];
  for (const episode of episodes) {
    const ms = Math.max(0, (episode.endedMs ?? endMs) - episode.firedMs);
    count += 1;
    notices += episode.notices;
    longestMs = Math.max(longestMs, ms);
    inAlarmMs += ms;
  }
  return { episodes: count, notices, longestMs, inAlarmMs };
}

/** The same for each alert, or each alert and what it is about, in the order of names. */
export function totalsBy(
  episodes: Iterable<Episode>,
  by: "rule" | "device",
  endMs: number,
): ReadonlyMap<string, EpisodeTotals> {
  const groups = new Map<string, Episode[]>();
  for (const episode of episodes) {
    const name = by === "rule" ? episode.alert : `${episode.alert} ${episode.subject}`;
    const group = groups.get(name);
    if (group) group.push(episode);
    else groups.set(name, [episode]);
  }
  const sorted = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(sorted.map(([name, group]) => [name, totalsOf(group, endMs)]));
}
