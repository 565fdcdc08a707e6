/**
 * Alerts that wait to be told together. A new group waits for more; behind a notice the next one
 * keeps its distance, unless something more severe than it told of comes.
 */
import type { EpochMs } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";
import type { SeverityRank } from "../core/severity-rank.ts";
import type { NoticeGroup } from "./receiver.ts";
import type { WaitingInstance } from "./waiting-instance.ts";

/** So many at a time; what would be one more is told by itself. */
const maxGroups = 10_000;

/** What is remembered of a notice of a group, until its distance is over; plain JSON. */
export interface FlushedGroup {
  readonly flushedMs: EpochMs;
  readonly intervalMs: number;
  readonly rank: SeverityRank;
}

/** By key of the group. */
export type FlushedState = Readonly<Record<string, FlushedGroup>>;

export interface GroupForm {
  readonly group: NoticeGroup;
  readonly waitMs: number;
  readonly intervalMs: number;
  /** What began and ended unheard. */
  readonly digest: boolean;
}

export interface CollectingGroup extends GroupForm {
  /** When the first of them came, wall clock. */
  sinceMs: EpochMs;
  readonly members: Set<WaitingInstance>;
}

export class CollectingGroups {
  readonly #groups = new Map<string, CollectingGroup>();
  readonly #flushed: Map<string, FlushedGroup>;

  constructor(state: FlushedState) {
    this.#flushed = new Map(Object.entries(state));
  }

  /** False where there are too many groups. */
  join(waiting: WaitingInstance, form: GroupForm, nowMs: EpochMs): boolean {
    const { key } = form.group;
    if (waiting.groupKey !== undefined && waiting.groupKey !== key) this.leave(waiting);
    const known = this.#groups.get(key);
    if (!known && this.#groups.size >= maxGroups) return false;
    const group = known ?? { ...form, sinceMs: nowMs, members: new Set() };
    if (!known) this.#groups.set(key, group);
    group.members.add(waiting);
    waiting.groupKey = key;
    return true;
  }

  leave(waiting: WaitingInstance): void {
    const { groupKey } = waiting;
    if (groupKey === undefined) return;
    waiting.groupKey = undefined;
    const group = this.#groups.get(groupKey);
    group?.members.delete(waiting);
    if (group?.members.size === 0) this.#groups.delete(groupKey);
  }

  /**
   * The group that this one just joined, where it waits for nobody and may be told. Only the newcomer
   * is looked at: the others were when they came, and thousands may come at once.
   */
  atOnce({ groupKey = "", rank }: WaitingInstance, nowMs: EpochMs): CollectingGroup | undefined {
    const group = this.#groups.get(groupKey);
    if (!group || group.digest || group.waitMs > 0) return undefined;
    const flushed = this.#flushed.get(groupKey);
    const isOver = !flushed || flushed.flushedMs + flushed.intervalMs <= nowMs;
    return isOver || rank < flushed.rank ? group : undefined;
  }

  /** Those whose time has come. A clock that went back makes nobody wait longer than once more. */
  due(nowMs: EpochMs): readonly CollectingGroup[] {
    for (const [key, flushed] of this.#flushed) {
      const { flushedMs, intervalMs } = flushed;
      if (flushedMs > nowMs) this.#flushed.set(key, { ...flushed, flushedMs: nowMs });
      else if (flushedMs + intervalMs <= nowMs) this.#flushed.delete(key);
    }
    return [...this.#groups.values()].filter((group) => {
      group.sinceMs = Math.min(group.sinceMs, nowMs);
      const flushed = this.#flushed.get(group.group.key);
      if (flushed && rankOfAll(group.members) >= flushed.rank) return false;
      return group.sinceMs + group.waitMs <= nowMs;
    });
  }

  /** A notice of the group goes out; it has no members any more. */
  flush({ digest, group, intervalMs, members }: CollectingGroup, nowMs: EpochMs): void {
    this.#groups.delete(group.key);
    if (!digest)
      this.#flushed.set(group.key, { flushedMs: nowMs, intervalMs, rank: rankOfAll(members) });
    for (const waiting of members) waiting.groupKey = undefined;
  }

  state(): FlushedState {
    return Object.fromEntries(this.#flushed);
  }
}

function rankOfAll(members: Iterable<WaitingInstance>): SeverityRank {
  let rank = Number.POSITIVE_INFINITY;
  for (const waiting of members) rank = Math.min(rank, waiting.rank);
  return rank;
}

export function isFlushed(value: unknown): value is FlushedState {
  return (
    isObject(value) &&
    Object.values(value).every(
      (one) =>
        isObject(one) &&
        ["flushedMs", "intervalMs", "rank"].every((name) => Number.isFinite(one[name])),
    )
  );
}
