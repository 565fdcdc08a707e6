/**
 * What changes, told to every page that looks, over one stream each. Changes are gathered and told at
 * most four times a second, so a page costs the same at ten events a second and at ten thousand. A
 * reader that does not keep up is never waited for and never remembered more for: it misses frames,
 * is told so, and begins anew.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import { type Frame, frameText, streamHead, streamPulse } from "./frame.ts";
import type { FrameRing } from "./frame-ring.ts";
import type { Topic } from "./topic.ts";
import type { TopicShelf } from "./topic-shelf.ts";

const tellEveryMs = 250;
const pulseEveryMs = 15_000;

/** A line to one page. */
export interface LiveLine {
  /** False: too much waits, and nothing more is to be written before `drained` is called. */
  write(text: string): boolean;
  end(): void;
}

/** One page that looks. */
export interface LiveReader {
  /** The line takes more. */
  drained(): void;
  /** It is gone, or is not to look any more; `reason` is told to it where it is still there. */
  close(reason?: string): void;
}

interface Place {
  readonly topics: ReadonlySet<Topic>;
  readonly line: LiveLine;
  isFull: boolean;
  hasMissed: boolean;
}

export class LiveHub {
  readonly #clock: Clock;
  readonly #shelf: TopicShelf;
  readonly #ring: FrameRing;
  readonly #places = new Set<Place>();
  #timer: Timer | undefined;
  #pulsedMs: number;

  constructor(clock: Clock, shelf: TopicShelf, ring: FrameRing) {
    this.#clock = clock;
    this.#shelf = shelf;
    this.#ring = ring;
    this.#pulsedMs = clock.monotonicMs();
  }

  /** Begins with what came behind `lastId`, or with all there is. Unknown names are passed over. */
  open(names: readonly string[], lastId: string | undefined, line: LiveLine): LiveReader {
    const topics = new Set(this.#shelf.take(names));
    const place: Place = { topics, line, isFull: false, hasMissed: false };
    this.#tell(topics);
    this.#write(place, streamHead);
    const behind = lastId === undefined ? undefined : this.#ring.behind(lastId);
    const isAnew = (topic: Topic): boolean => !behind || !this.#shelf.isStanding(topic);
    for (const frame of behind ?? [])
      if ([...topics].some((topic) => topic.name === frame.topic && !isAnew(topic)))
        this.#write(place, frameText(frame));
    for (const topic of topics) if (isAnew(topic)) this.#show(place, topic);
    this.#places.add(place);
    this.#keepTelling();
    return {
      drained: () => this.#drained(place),
      close: (reason) => {
        if (this.#places.delete(place)) this.#end(place, reason);
      },
    };
  }

  /** Ends every line; pages come again by themselves. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const place of this.#places) this.#end(place, "stopping");
    this.#places.clear();
  }

  #end(place: Place, reason?: string): void {
    if (reason !== undefined) this.#say(place, "bye", JSON.stringify({ reason }));
    this.#shelf.giveBack([...place.topics]);
    place.line.end();
  }

  #keepTelling(): void {
    if (this.#timer || this.#places.size === 0) return;
    this.#timer = this.#clock.setTimer(tellEveryMs, () => {
      this.#timer = undefined;
      this.#tell(new Set([...this.#places].flatMap(({ topics }) => [...topics])));
      this.#pulse();
      this.#keepTelling();
    });
  }

  /** What nobody looks at is not told: it stays noted, and the next who looks begins behind it. */
  #tell(topics: ReadonlySet<Topic>): void {
    for (const topic of topics) {
      const data = topic.takeChanges();
      if (data === undefined) continue;
      const text = frameText(this.#ring.add(topic.name, data));
      for (const place of this.#places) {
        if (!place.topics.has(topic)) continue;
        if (place.isFull) place.hasMissed = true;
        else this.#write(place, text);
      }
    }
  }

  #pulse(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#pulsedMs < pulseEveryMs) return;
    this.#pulsedMs = nowMs;
    for (const place of this.#places) if (!place.isFull) this.#write(place, streamPulse);
  }

  #drained(place: Place): void {
    place.isFull = false;
    if (!place.hasMissed || !this.#places.has(place)) return;
    place.hasMissed = false;
    this.#say(place, "gap", "{}");
    this.#tell(place.topics);
    for (const topic of place.topics) this.#show(place, topic);
  }

  /** A snapshot has the id of the last change that is in it, so the next change follows it. */
  #show(place: Place, topic: Topic): void {
    this.#say(place, "snapshot", topic.all(), topic.name);
  }

  #say(place: Place, kind: Frame["kind"], data: string, topic = ""): void {
    this.#write(place, frameText({ id: this.#ring.lastId, kind, topic, data }));
  }

  #write(place: Place, text: string): void {
    if (!place.line.write(text)) place.isFull = true;
  }
}
