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

const tellEveryMs = 250;
const pulseEveryMs = 15_000;

/** A line to one page. */
export interface LiveLine {
  /** False: what was written waits, and nothing more is taken before `drained` is called. */
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
  readonly topics: readonly Topic[];
  readonly line: LiveLine;
  isFull: boolean;
  hasMissed: boolean;
}

export class LiveHub {
  readonly #clock: Clock;
  readonly #topics: ReadonlyMap<string, Topic>;
  readonly #ring: FrameRing;
  readonly #places = new Set<Place>();
  #timer: Timer | undefined;
  #pulsedMs: number;

  constructor(clock: Clock, topics: readonly Topic[], ring: FrameRing) {
    this.#clock = clock;
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]));
    this.#ring = ring;
    this.#pulsedMs = clock.monotonicMs();
  }

  get topicNames(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** Begins with what came behind `lastId`, or with all there is. Unknown names are passed over. */
  open(names: readonly string[], lastId: string | undefined, line: LiveLine): LiveReader {
    const topics = [...new Set(names)].flatMap((name) => this.#topics.get(name) ?? []);
    const place: Place = { topics, line, isFull: false, hasMissed: false };
    this.#tellChanges();
    this.#places.add(place);
    this.#write(place, streamHead);
    const behind = lastId === undefined ? undefined : this.#ring.behind(lastId);
    if (behind) for (const frame of behind) this.#give(place, frame);
    else this.#begin(place);
    this.#keepTelling();
    return {
      drained: () => this.#drained(place),
      close: (reason) => {
        if (!this.#places.delete(place)) return;
        if (reason !== undefined) this.#say(place, "bye", JSON.stringify({ reason }));
        line.end();
      },
    };
  }

  /** Ends every line; pages come again by themselves. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const place of this.#places) {
      this.#say(place, "bye", JSON.stringify({ reason: "stopping" }));
      place.line.end();
    }
    this.#places.clear();
  }

  #keepTelling(): void {
    if (this.#timer || this.#places.size === 0) return;
    this.#timer = this.#clock.setTimer(tellEveryMs, () => {
      this.#timer = undefined;
      this.#tellChanges();
      this.#pulse();
      this.#keepTelling();
    });
  }

  #tellChanges(): void {
    for (const topic of this.#topics.values()) {
      const data = topic.takeChanges();
      if (data === undefined) continue;
      const frame = this.#ring.add(topic.name, data);
      for (const place of this.#places) this.#give(place, frame);
    }
  }

  #pulse(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#pulsedMs < pulseEveryMs) return;
    this.#pulsedMs = nowMs;
    for (const place of this.#places) if (!place.isFull) this.#write(place, streamPulse);
  }

  #give(place: Place, frame: Frame): void {
    if (!place.topics.some(({ name }) => name === frame.topic)) return;
    if (place.isFull) place.hasMissed = true;
    else this.#write(place, frameText(frame));
  }

  #drained(place: Place): void {
    place.isFull = false;
    if (!place.hasMissed || !this.#places.has(place)) return;
    place.hasMissed = false;
    this.#say(place, "gap", "{}");
    this.#begin(place);
  }

  /** A snapshot has the id of the last change that is in it, so the next change follows it. */
  #begin(place: Place): void {
    this.#tellChanges();
    for (const topic of place.topics) this.#say(place, "snapshot", topic.all(), topic.name);
  }

  #say(place: Place, kind: Frame["kind"], data: string, topic = ""): void {
    this.#write(place, frameText({ id: this.#ring.lastId, kind, topic, data }));
  }

  #write(place: Place, text: string): void {
    if (!place.line.write(text)) place.isFull = true;
  }
}
