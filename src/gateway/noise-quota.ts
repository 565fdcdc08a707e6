/**
 * What is kept of messages that no profile reads: three of each topic in an hour with their payload,
 * so that somebody can see what they are. The rest is counted, and one rejection for each topic says
 * how many there were.
 *
 * Where somebody waits for the acknowledgment, the count is written before it is given: at once while
 * the disk has nothing to do, else with the commit that follows. Where nobody waits, the counts of an
 * hour are one record. What a kill takes of these was never acknowledged.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { LaterSeq, Receipt } from "../core/receipt.ts";
import { RecentlyNamed } from "./recently-named.ts";
import type { KeepRejection, RejectionEvent } from "./rejection-quota.ts";

const windowMs = 3_600_000;
const mostOfTopic = 3;
/** Topics can be made up without end; those beyond it, and endless ones, are counted together. */
const mostTopics = 1_024;
const mostTopicCharacters = 512;
/** Of payloads, in base64, in an hour. */
const mostPayloadCharacters = 16 * 2 ** 20;

type LaterRecord = { -readonly [K in keyof LaterSeq]: LaterSeq[K] };

/** One topic, or all those beyond the bound. */
interface Entry {
  kept: number;
  counted: number;
  /** The latest that is only counted. */
  event: RejectionEvent | undefined;
  /** What those wait for that are to be acknowledged. */
  waiting: LaterRecord | undefined;
}

export class NoiseQuota {
  readonly #clock: Clock;
  readonly #log: Pick<LogWriter, "durableSeq" | "lastSeq">;
  readonly #keep: KeepRejection;
  readonly #named: RecentlyNamed;
  #topics = new Map<string, Entry>();
  #others = newEntry();
  #payloadCharacters = 0;
  readonly #awaited = new Set<Entry>();
  #windowEnd: Timer | undefined;

  constructor(
    clock: Clock,
    log: Pick<LogWriter, "durableSeq" | "lastSeq" | "onDurable">,
    keep: KeepRejection,
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#keep = keep;
    this.#named = new RecentlyNamed(clock);
    log.onDurable(() => this.flush());
  }

  /** Takes a rejection, whole or as one more. */
  take(event: RejectionEvent, isAwaited: boolean): Receipt {
    const entry = this.#entryOf(event.data.topic);
    if (this.#mayKeep(entry, event)) {
      this.#named.add(event.device);
      return this.#keep(event);
    }
    entry.counted += 1;
    entry.event = withoutPayload(event);
    if (!this.#named.has(event.device)) return this.#declare(entry) ?? this.#log.lastSeq;
    if (!isAwaited) return this.#log.lastSeq;
    entry.waiting ??= { seq: undefined };
    this.#awaited.add(entry);
    const { waiting } = entry;
    if (this.#log.durableSeq >= this.#log.lastSeq) this.flush();
    return waiting;
  }

  /** The rejection as it is to be stored where it has to have a record. */
  keepable(event: RejectionEvent): RejectionEvent {
    return this.#mayKeep(this.#entryOf(event.data.topic), event) ? event : withoutPayload(event);
  }

  /** Appends the counts that somebody waits for. */
  flush(): void {
    for (const entry of this.#awaited) this.#declare(entry);
  }

  /** Appends all counts. */
  stop(): void {
    this.#windowEnd?.cancel();
    this.#windowEnd = undefined;
    for (const entry of [...this.#topics.values(), this.#others]) this.#declare(entry);
    this.#topics = new Map();
    this.#others = newEntry();
    this.#payloadCharacters = 0;
  }

  #entryOf(topic: string): Entry {
    this.#windowEnd ??= this.#clock.setTimer(windowMs, () => this.stop());
    const known = this.#topics.get(topic);
    if (known !== undefined) return known;
    if (this.#topics.size >= mostTopics || topic.length > mostTopicCharacters) return this.#others;
    const entry = newEntry();
    this.#topics.set(topic, entry);
    return entry;
  }

  #mayKeep(entry: Entry, { data }: RejectionEvent): boolean {
    const characters = this.#payloadCharacters + data.payload.length;
    if (entry.kept >= mostOfTopic || characters > mostPayloadCharacters) return false;
    entry.kept += 1;
    this.#payloadCharacters = characters;
    return true;
  }

  #declare(entry: Entry): Receipt | undefined {
    const { counted, event, waiting } = entry;
    this.#awaited.delete(entry);
    if (event === undefined) return undefined;
    entry.counted = 0;
    entry.event = undefined;
    entry.waiting = undefined;
    this.#named.add(event.device);
    const data = counted > 1 ? { ...event.data, notKept: counted - 1 } : event.data;
    const seq = this.#keep({ ...event, data });
    if (waiting !== undefined) waiting.seq = seq;
    return seq;
  }
}

function newEntry(): Entry {
  return { kept: 0, counted: 0, event: undefined, waiting: undefined };
}

function withoutPayload(event: RejectionEvent): RejectionEvent {
  const { data } = event;
  if (data.payload === "") return event;
  return { ...event, data: { ...data, payload: "", truncated: true } };
}
