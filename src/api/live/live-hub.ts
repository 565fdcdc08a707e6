/**
 * What changes, told to every page that looks, over one stream each. Changes are gathered and told at
 * most four times a second, so a page costs the same at ten events a second and at ten thousand. A
 * reader that does not keep up is never waited for and never remembered more for: it misses frames,
 * is told so, and begins anew.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import { type Frame, frameId, frameText, streamHead, streamPulse } from "./frame.ts";
import type { FrameRing } from "./frame-ring.ts";
import type { Topic } from "./topic.ts";
import type { TopicShelf } from "./topic-shelf.ts";

const tellEveryMs = 250;
const pulseEveryMs = 15_000;
/** A snapshot from so many bytes on is made once for all who come within so long. */
const sharedBytes = 64 * 1024;
const sharedMs = 2_000;

/** A line to one page. */
export interface LiveLine {
  /** False: too much waits, and nothing more is to be written before `drained` is called. */
  write(text: string | Buffer): boolean;
  end(): void;
}

/** One page that looks. */
export interface LiveReader {
  /** The line takes more. */
  drained(): void;
  /** It is gone, or is not to look any more; `reason` is told to it where it is still there. */
  close(reason?: string): void;
}

interface Snapshot {
  readonly bytes: Buffer;
  /** Of the last change that is in it. */
  readonly id: string;
  readonly atMs: number;
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
  readonly #sinceNs = new WeakMap<Topic, number>();
  readonly #snapshots = new WeakMap<Topic, Snapshot>();
  #timer: Timer | undefined;
  #pulsedMs: number;

  constructor(clock: Clock, shelf: TopicShelf, ring: FrameRing) {
    this.#clock = clock;
    this.#shelf = shelf;
    this.#ring = ring;
    this.#pulsedMs = clock.monotonicMs();
  }

  /**
   * Begins with what came behind `lastId`, which is of a line with the same topics, or with all there
   * is. Unknown names are passed over.
   */
  open(names: readonly string[], lastId: string | undefined, line: LiveLine): LiveReader {
    const topics = new Set(this.#shelf.take(names));
    const place: Place = { topics, line, isFull: false, hasMissed: false };
    this.#tell(topics);
    this.#write(place, streamHead);
    this.#begin(place, lastId);
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
    this.#shelf.stop();
  }

  #begin(place: Place, lastId: string | undefined): void {
    const behind = lastId === undefined ? undefined : this.#ring.behind(lastId);
    const fromN = behind === undefined ? -1 : this.#ring.lastN - behind.length;
    const topics = [...place.topics];
    const goOn = new Set(topics.filter((topic) => this.#sinceN(topic) <= fromN));
    const names = new Set(Array.from(goOn, ({ name }) => name));
    for (const frame of behind ?? [])
      if (names.has(frame.topic)) this.#write(place, frameText(frame));
    this.#show(
      place,
      topics.filter((topic) => !goOn.has(topic)),
    );
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
    this.#show(place, [...place.topics]);
  }

  /**
   * The last snapshot has the id of the last change that is in all of them, so the next change follows
   * it. Those before it have none: a line that breaks between them begins anew.
   */
  #show(place: Place, topics: readonly Topic[]): void {
    for (const [at, topic] of topics.entries()) {
      const id = at === topics.length - 1 ? this.#ring.lastId : undefined;
      const { bytes, later } = this.#snapshotOf(topic);
      if (id !== undefined && later.length === 0) this.#write(place, frameId(id));
      this.#write(place, bytes);
      for (const [n, frame] of later.entries())
        this.#write(place, frameText({ ...frame, id: n === later.length - 1 ? id : undefined }));
    }
  }

  /**
   * It costs as much as there are rows: who comes soon behind another is written the same bytes, and
   * what changed since.
   */
  #snapshotOf(topic: Topic): { readonly bytes: Buffer; readonly later: readonly Frame[] } {
    const { name } = topic;
    const atMs = this.#clock.monotonicMs();
    const known = this.#snapshots.get(topic);
    const behind = known && atMs - known.atMs < sharedMs ? this.#ring.behind(known.id) : undefined;
    if (known && behind)
      return { bytes: known.bytes, later: behind.filter((frame) => frame.topic === name) };
    const frame = { id: undefined, kind: "snapshot", topic: name, data: topic.all() } as const;
    const bytes = Buffer.from(frameText(frame));
    if (bytes.length >= sharedBytes)
      this.#snapshots.set(topic, { bytes, id: this.#ring.lastId, atMs });
    return { bytes, later: [] };
  }

  /** The number of the first frame that can be of the topic: changes before that are not known. */
  #sinceN(topic: Topic): number {
    if (this.#shelf.isStanding(topic)) return 0;
    const known = this.#sinceNs.get(topic) ?? this.#ring.lastN + 1;
    this.#sinceNs.set(topic, known);
    return known;
  }

  #say(place: Place, kind: Frame["kind"], data: string): void {
    this.#write(place, frameText({ id: undefined, kind, topic: "", data }));
  }

  #write(place: Place, text: string | Buffer): void {
    if (!place.line.write(text)) place.isFull = true;
  }
}
