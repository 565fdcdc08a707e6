/** A topic of few rows that are made anew and compared while somebody looks. */
import type { Topic } from "../../api/live/topic.ts";
import type { Clock } from "../../core/clock.ts";
import { lookedAtTopic } from "./looked-at-topic.ts";

const everyMs = 1_000;

/** `read` gives all rows by key. */
export function comparedTopic(
  name: string,
  read: () => ReadonlyMap<string, object>,
  clock: Clock,
): Topic {
  let rows = read();
  let texts = textsOf(rows);
  const run = (touch: (key: string) => void): void => {
    rows = read();
    const before = texts;
    texts = textsOf(rows);
    for (const [key, text] of texts) if (before.get(key) !== text) touch(key);
    for (const key of before.keys()) if (!texts.has(key)) touch(key);
  };
  return lookedAtTopic(name, () => rows, clock, [{ everyMs, run }]);
}

function textsOf(rows: ReadonlyMap<string, object>): ReadonlyMap<string, string> {
  return new Map(Array.from(rows, ([key, row]) => [key, JSON.stringify(row)]));
}
