/** The notice of a turn: what there is room for, the most urgent first; the rest is counted. */

import { rankOf } from "../core/severity-rank.ts";
import type { MemberParts, TurnPart } from "./read-turn.ts";
import type { NoticeContent } from "./receiver.ts";
import type { ToldEpisodes } from "./told-episodes.ts";
import type { Turn } from "./turn.ts";

/** So many alerts a notice has at most. */
export const maxAlerts = 500;
const maxCharacters = 256 * 1024;

export interface Composed {
  readonly content: NoticeContent;
  /** What the notice says. */
  readonly parts: readonly TurnPart[];
}

/** Undefined where there is nothing to say. */
export function composeNotice(
  turn: Pick<Turn, "cause" | "group" | "id">,
  read: readonly MemberParts[],
  episodes: ToldEpisodes,
): Composed | undefined {
  const urgencyOf = ({ parts }: MemberParts): number => Math.min(...parts.map(urgency));
  // What there is of one alert stays in its order.
  const sorted = [...read]
    .sort((a, b) => urgencyOf(a) - urgencyOf(b))
    .flatMap(({ parts }) => parts);
  let characters = 0;
  const parts = sorted.slice(0, maxAlerts).filter((part, index) => {
    characters += JSON.stringify(part.transition).length;
    return index === 0 || characters <= maxCharacters;
  });
  const [first, ...others] = parts;
  if (!first) return undefined;
  const { cause, group } = turn;
  const noticed = ({ changes, transition }: TurnPart) => ({ transition, changes });
  const content: NoticeContent = {
    id: turn.id ?? idOf(first, cause, episodes),
    cause,
    alerts: [noticed(first), ...others.map(noticed)],
    group,
    leftOut: sorted.length - parts.length,
  };
  return { content, parts };
}

/** The end of what a receiver was told of goes before what is only of interest: nobody else closes it. */
function urgency({ transition, waiting }: TurnPart): number {
  return transition.state === "firing" ? waiting.rank : rankOf("warning") + 0.5;
}

function idOf({ transition }: TurnPart, cause: Turn["cause"], episodes: ToldEpisodes): string {
  const { id, instance } = transition;
  if (cause === "repeat") return `${id}.again-${(episodes.get(instance)?.repeats ?? 0) + 1}`;
  return cause === "flapping" ? `${id}.flapping` : id;
}
