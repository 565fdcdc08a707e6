import { type Rows, Topic } from "../../api/live/topic.ts";
import type { Clock, Timer } from "../../core/clock.ts";

/** What is done again and again while somebody looks. */
export interface Beat {
  readonly everyMs: number;
  run(touch: (key: string) => void): void;
}

/** A topic that works while somebody looks, and stops with them. */
export function lookedAtTopic(
  name: string,
  rows: () => Rows,
  clock: Clock,
  beats: readonly Beat[],
  end: () => void = () => {},
): Topic {
  const timers = new Map<Beat, Timer>();
  const topic = new Topic(name, rows, () => {
    for (const timer of timers.values()) timer.cancel();
    timers.clear();
    end();
  });
  const again = (beat: Beat): void => {
    const timer = clock.setTimer(beat.everyMs, () => {
      beat.run((key) => topic.touch(key));
      again(beat);
    });
    timers.set(beat, timer);
  };
  for (const beat of beats) again(beat);
  return topic;
}
