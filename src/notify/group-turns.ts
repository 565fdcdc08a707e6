/** Notices of groups: made of those that wait together, kept in the cursor, and made again of it. */
import { fnv1a64 } from "../core/fnv1a.ts";
import { toStreamSeq } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import type { SeverityRank } from "../core/severity-rank.ts";
import type { CollectingGroup } from "./collecting-groups.ts";
import type { NoticeCause, NoticeGroup } from "./receiver.ts";
import type { ToldEpisodes } from "./told-episodes.ts";
import { Turn, type TurnReading } from "./turn.ts";
import type { WaitingInstance } from "./waiting-instance.ts";

/** A notice on its way; plain JSON. */
export interface KeptNotice {
  readonly cause: NoticeCause;
  readonly reading: TurnReading;
  readonly group: NoticeGroup;
  readonly rank: SeverityRank;
  /** By instance: the place of its last transition in it, and how many there are until there. */
  readonly members: Readonly<Record<string, readonly [upTo: number, count: number]>>;
  readonly attempts: number;
  readonly triedForMs: number;
  readonly waitedMs: number;
}

/** By id. */
export type KeptNotices = Readonly<Record<string, KeptNotice>>;

/** The turn of a group whose time has come. Its members are in it then, as they are now. */
export function turnOfGroup(
  { digest, group, members }: CollectingGroup,
  told: ToldEpisodes,
  nowMs: number,
): Turn {
  const all = [...members];
  const turn = new Turn(
    {
      cause: digest ? "digest" : causeOf(all),
      reading: digest ? "all" : "last",
      group,
      id: idOf(group.key, all, told),
      rank: Math.min(...all.map(({ rank }) => rank)),
      members: all.map((waiting) => ({ waiting, upTo: waiting.to, count: waiting.count })),
    },
    nowMs,
  );
  for (const waiting of all) waiting.turn = turn;
  return turn;
}

/** The same again, out of a cursor; undefined where nothing of it waits any more. */
export function turnOfKept(
  id: string,
  kept: KeptNotice,
  waiting: ReadonlyMap<string, WaitingInstance>,
  nowMs: number,
): Turn | undefined {
  const members = Object.entries(kept.members).flatMap(([instance, [upTo, count]]) => {
    const one = waiting.get(instance);
    return one ? [{ waiting: one, upTo: toStreamSeq(upTo), count }] : [];
  });
  if (members.length === 0) return undefined;
  const { attempts, cause, group, rank, reading, triedForMs, waitedMs } = kept;
  const turn = new Turn({ cause, reading, group, id, rank, members }, nowMs - waitedMs);
  turn.attempts = attempts;
  turn.triedSinceMs = attempts > 0 ? nowMs - triedForMs : undefined;
  turn.kept = true;
  for (const { waiting: one } of members) one.turn = turn;
  return turn;
}

export function keptNotice(turn: Turn, group: NoticeGroup, nowMs: number): KeptNotice {
  const { attempts, cause, rank, reading, readySinceMs, triedSinceMs } = turn;
  return {
    cause,
    reading,
    group,
    rank,
    members: Object.fromEntries(
      turn.members.map(({ count, upTo, waiting }) => [waiting.instance, [upTo, count]]),
    ),
    attempts,
    triedForMs: nowMs - (triedSinceMs ?? nowMs),
    waitedMs: nowMs - readySinceMs,
  };
}

function causeOf(all: readonly WaitingInstance[]): NoticeCause {
  if (all.every(({ repeat }) => repeat)) return "repeat";
  const escalates = ({ last }: WaitingInstance): boolean =>
    last?.plan?.escalateAfterMs !== undefined;
  return all.every(escalates) ? "escalation" : "change";
}

/** Made of what is told, and of nothing that another process or a restored stream would know otherwise. */
function idOf(key: string, all: readonly WaitingInstance[], told: ToldEpisodes): string {
  const parts = all.map(({ instance, last, repeat }) => {
    const again = repeat ? `again${told.get(instance)?.repeats ?? 0}` : "";
    return `${instance} ${last?.order.startedMs}.${last?.order.n} ${again}`;
  });
  return fnv1a64([key, ...parts.sort()].join("\n"));
}

export function isKeptNotices(value: unknown): value is KeptNotices {
  return (
    isObject(value) &&
    Object.values(value).every(
      (one) =>
        isObject(one) &&
        isObject(one["group"]) &&
        typeof one["group"]["key"] === "string" &&
        isObject(one["group"]["labels"]) &&
        isObject(one["members"]) &&
        ["rank", "attempts", "triedForMs", "waitedMs"].every((name) =>
          Number.isFinite(one[name]),
        ) &&
        Object.values(one["members"]).every(
          (place) => Array.isArray(place) && place.length === 2 && place.every(Number.isFinite),
        ),
    )
  );
}
