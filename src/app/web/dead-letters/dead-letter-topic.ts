import type { Topic } from "../../../api/live/topic.ts";
import type { DeadLetterGroup } from "../../../api/shapes/dead-letter.ts";
import type { Clock } from "../../../core/clock.ts";
import { lookedAtTopic } from "../looked-at-topic.ts";
import type { DeadLetterBook } from "./dead-letter-book.ts";
import { shownGroup } from "./dead-letters.ts";

const lookEveryMs = 2_000;

/** Groups by key. */
export function deadLettersTopic(book: DeadLetterBook, clock: Clock): Topic {
  const rowsNow = () => new Map(book.known.map((group) => [group.key, shownGroup(group)]));
  let told: ReadonlyMap<string, DeadLetterGroup> = rowsNow();
  let isOver = false;
  const look = async (touch: (key: string) => void): Promise<void> => {
    await book.now();
    if (isOver) return;
    const rows = rowsNow();
    for (const [key, row] of rows) if (isOther(row, told.get(key))) touch(key);
    for (const key of told.keys()) if (!rows.has(key)) touch(key);
    told = rows;
  };
  const beat = {
    everyMs: lookEveryMs,
    // What cannot be read now is looked at again.
    run: (touch: (key: string) => void) => void look(touch).catch(() => {}),
  };
  const topic = lookedAtTopic("dead-letters", rowsNow, clock, [beat], () => {
    isOver = true;
  });
  beat.run((key) => topic.touch(key));
  return topic;
}

function isOther(one: DeadLetterGroup, other: DeadLetterGroup | undefined): boolean {
  return one.messages !== other?.messages || one.lastMs !== other.lastMs;
}
