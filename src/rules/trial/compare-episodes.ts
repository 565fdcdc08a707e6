/** What two sets of rules make of the same events, episode by episode. */
import type { Episode } from "./episode-book.ts";

export interface EpisodeComparison {
  readonly same: number;
  readonly onlyHere: readonly Episode[];
  readonly onlyThere: readonly Episode[];
  readonly moved: readonly MovedEpisode[];
}

/** Both have it; times say how much later it is there. */
export interface MovedEpisode {
  readonly here: Episode;
  readonly there: Episode;
  readonly firesLaterMs: number;
  /** Undefined where one of the two fires still. */
  readonly endsLaterMs: number | undefined;
}

/** Two episodes of one alert and one device are the same run where they began as one or overlap. */
export function compareEpisodes(
  here: readonly Episode[],
  there: readonly Episode[],
): EpisodeComparison {
  const others = byKey(there);
  const onlyHere: Episode[] = [];
  const onlyThere: Episode[] = [];
  const moved: MovedEpisode[] = [];
  let same = 0;
  for (const [key, own] of byKey(here)) {
    const left = others.get(key) ?? [];
    others.delete(key);
    let at = 0;
    for (const episode of own) {
      for (let other = left[at]; other && isBefore(other, episode); other = left[at]) {
        onlyThere.push(other);
        at += 1;
      }
      const twin = left[at];
      if (!twin || isBefore(episode, twin)) {
        onlyHere.push(episode);
        continue;
      }
      at += 1;
      if (twin.firedMs === episode.firedMs && twin.endedMs === episode.endedMs) same += 1;
      else moved.push(moveOf(episode, twin));
    }
    onlyThere.push(...left.slice(at));
  }
  for (const rest of others.values()) onlyThere.push(...rest);
  return { same, onlyHere, onlyThere, moved };
}

function byKey(episodes: readonly Episode[]): Map<string, Episode[]> {
  const groups = new Map<string, Episode[]>();
  for (const episode of episodes) {
    const group = groups.get(episode.key);
    if (group) group.push(episode);
    else groups.set(episode.key, [episode]);
  }
  for (const group of groups.values()) group.sort((one, other) => one.startedMs - other.startedMs);
  return groups;
}

function isBefore(one: Episode, other: Episode): boolean {
  if (one.startedMs === other.startedMs) return false;
  return (one.endedMs ?? Number.POSITIVE_INFINITY) < other.startedMs;
}

function moveOf(here: Episode, there: Episode): MovedEpisode {
  const isOver = here.endedMs !== undefined && there.endedMs !== undefined;
  return {
    here,
    there,
    firesLaterMs: there.firedMs - here.firedMs,
    endsLaterMs: isOver ? Number(there.endedMs) - Number(here.endedMs) : undefined,
  };
}
