import type { Topic } from "../../../api/live/topic.ts";
import type { Clock } from "../../../core/clock.ts";
import { lookedAtTopic } from "../looked-at-topic.ts";
import { commandRow } from "./command-row.ts";
import type { Commands } from "./commands.ts";

const lookEveryMs = 1_000;
const mostRows = 200;

/** The last commands by id; while the backbone is away, as they were. */
export function commandsTopic(commands: Commands, clock: Clock): Topic {
  const rows = {
    get(id: string) {
      const past = commands.book.get(id);
      return past && commandRow(past);
    },
    *[Symbol.iterator]() {
      for (const past of [...commands.book.all].slice(-mostRows))
        yield [past.command.id, commandRow(past)] as const;
    },
  };
  // While the backbone is away nothing changes; it is looked at again.
  const look = (): void => void commands.refresh().catch(() => {});
  const beat = { everyMs: lookEveryMs, run: look };
  const topic: Topic = lookedAtTopic(
    "commands",
    () => rows,
    clock,
    [beat],
    commands.listen((id) => topic.touch(id)),
  );
  look();
  return topic;
}
