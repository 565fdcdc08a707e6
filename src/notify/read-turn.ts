/** What a turn is about, read again from its places in the stream. */
import type { AlertTransition } from "../core/alert.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { HeldTransition } from "../stream/read-alerts.ts";
import { orderOf } from "../stream/transition-order.ts";
import type { TellingPlan } from "./telling-plan.ts";
import type { ToldEpisodes } from "./told-episodes.ts";
import type { ToldTransitions } from "./told-transitions.ts";
import type { Turn, TurnMember } from "./turn.ts";
import type { WaitingInstance } from "./waiting-instance.ts";

/** So many transitions of one instance are read for a notice. */
const maxRead = 1_000;

/** Something that a notice says. */
export interface TurnPart extends HeldTransition {
  readonly waiting: WaitingInstance;
  /** How many transitions it stands for. */
  readonly changes: number;
}

/** What a member of a turn has to say, and up to where it is done with then. */
export interface MemberParts {
  readonly parts: readonly TurnPart[];
  readonly doneUpTo: StreamSeq;
  readonly done: number;
}

export interface TurnReadingDependencies {
  /** The first transition of the instance at `from` or behind it. */
  readonly readNext: (
    waiting: WaitingInstance,
    from: StreamSeq,
  ) => Promise<HeldTransition | undefined>;
  readonly told: ToldTransitions;
  readonly episodes: ToldEpisodes;
  readonly planFor: (transition: AlertTransition) => TellingPlan | undefined;
}

/** Rejects when something cannot be read now. */
export async function readMember(
  { group, reading }: Pick<Turn, "group" | "reading">,
  member: TurnMember,
  deps: TurnReadingDependencies,
): Promise<MemberParts> {
  switch (reading) {
    case "none":
      return allOf(member, await readLast(member, deps));
    case "last": {
      const last = await readLast(member, deps);
      const end = group && last && (await findEndBefore(last, member, deps));
      return allOf(member, last, end);
    }
    case "next":
      return upToFirst(member, await find(member, deps, (one) => isNews(one, deps)));
    case "close":
      return upToFirst(member, await find(member, deps, (one) => isEndOfOpen(one, deps)));
    case "all":
      return readEnded(member, deps);
  }
}

function allOf(
  { count, upTo, waiting }: TurnMember,
  last: HeldTransition | undefined,
  end?: HeldTransition,
): MemberParts {
  const ends = end ? [{ ...end, waiting, changes: 1 }] : [];
  const changes = Math.max(1, count - ends.length);
  const parts = last ? [...ends, { ...last, waiting, changes }] : [];
  return { parts, doneUpTo: upTo, done: count };
}

/** The end of the episode that the receiver believes to go on, where another one began behind it. */
async function findEndBefore(
  { transition: { instance, n, started_at } }: HeldTransition,
  member: TurnMember,
  deps: TurnReadingDependencies,
): Promise<HeldTransition | undefined> {
  const { episodes } = deps;
  const isOfAnother =
    episodes.isOpen(instance) && !episodes.isOpen(instance, orderOf({ n, started_at }).startedMs);
  return isOfAnother ? find(member, deps, (one) => isEndOfOpen(one, deps)) : undefined;
}

function isEndOfOpen(
  { instance, n, started_at, state }: AlertTransition,
  { episodes }: TurnReadingDependencies,
): boolean {
  return state === "ended" && episodes.isOpen(instance, orderOf({ n, started_at }).startedMs);
}

function upToFirst(
  { count, upTo, waiting }: TurnMember,
  first: HeldTransition | undefined,
): MemberParts {
  if (!first) return { parts: [], doneUpTo: upTo, done: count };
  return { parts: [{ ...first, waiting, changes: 1 }], doneUpTo: first.streamSeq, done: 1 };
}

/** True for what the receiver is to be told of, and was not. */
function isNews(
  transition: AlertTransition,
  { episodes, planFor, told }: TurnReadingDependencies,
): boolean {
  if (told.has(transition) || transition.quiet) return false;
  const { instance, state } = transition;
  const isOpen = episodes.isOpen(instance, orderOf(transition).startedMs);
  if (state === "ended") return isOpen;
  return isOpen || planFor(transition) !== undefined;
}

/** The first that fits; what does not is passed over. */
async function find(
  { upTo, waiting }: TurnMember,
  deps: TurnReadingDependencies,
  fits: (transition: AlertTransition) => boolean,
): Promise<HeldTransition | undefined> {
  for (let from = waiting.from; from <= upTo; ) {
    const held = await deps.readNext(waiting, from);
    if (!held || held.streamSeq > upTo) return undefined;
    if (fits(held.transition)) return held;
    from = toStreamSeq(held.streamSeq + 1);
  }
  return undefined;
}

/** The last that says something; usually that is the one at the end. */
async function readLast(
  { upTo, waiting }: TurnMember,
  deps: TurnReadingDependencies,
): Promise<HeldTransition | undefined> {
  const atEnd = await deps.readNext(waiting, upTo);
  if (atEnd?.streamSeq === upTo && !atEnd.transition.quiet) return atEnd;
  let last = atEnd?.streamSeq === upTo ? atEnd : undefined;
  let read = 0;
  for (let from = waiting.from; from <= upTo && read < maxRead; read += 1) {
    const held = await deps.readNext(waiting, from);
    if (!held || held.streamSeq > upTo) break;
    if (!held.transition.quiet) last = held;
    from = toStreamSeq(held.streamSeq + 1);
  }
  return last;
}

/** Episodes that ended, each by its end; what fires behind the last of them is left. */
async function readEnded(
  { count, upTo, waiting }: TurnMember,
  deps: TurnReadingDependencies,
): Promise<MemberParts> {
  const parts: TurnPart[] = [];
  let read = 0;
  let done = 0;
  let doneUpTo = toStreamSeq(Math.max(0, waiting.from - 1));
  for (let from = waiting.from; from <= upTo && read < maxRead; ) {
    const held = await deps.readNext(waiting, from);
    if (!held || held.streamSeq > upTo) break;
    read += 1;
    if (held.transition.state === "ended") {
      if (!deps.told.has(held.transition)) parts.push({ ...held, waiting, changes: read - done });
      done = read;
      doneUpTo = held.streamSeq;
    }
    from = toStreamSeq(held.streamSeq + 1);
  }
  // Nothing ended after all: what there is goes as any other.
  if (done === 0) return { parts, doneUpTo: upTo, done: count };
  return { parts, doneUpTo, done };
}
