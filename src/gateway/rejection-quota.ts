/**
 * How many rejections of what a profile reads are kept whole: a few of each topic in a minute, and one of each device every
 * few seconds, since it proves that the device lives, also where one client speaks for many. What
 * comes beyond is counted, and the next rejection that is kept of that client says how many before
 * it were not.
 *
 * A message that was only counted is acknowledged with the record that counts it, and that record
 * stands in front of whatever the client sends next: nothing acknowledged goes uncounted, and
 * acknowledgements keep their order.
 */

import { BoundedMap } from "../core/bounded-map.ts";
import type { Clock, Timer } from "../core/clock.ts";
import type { EventOf } from "../core/event.ts";
import type { Seq } from "../core/ids.ts";
import type { LaterSeq, Receipt } from "../core/receipt.ts";
import { RecentlyNamed } from "./recently-named.ts";

const windowMs = 60_000;
const mostOfTopic = 128;
/** Of all topics together: names of topics can be made up without end. */
const mostInAll = 1_024;
const mostTopics = 1_024;
/** A client that waits for acknowledgements waits no longer than this. */
const longestWaitMs = 250;
/** So many share one record at most; far fewer than a client may have under way. */
const mostTogether = 64;

export type RejectionEvent = EventOf<"rejection">;

/** Appends a rejection; gives its seq. */
export type KeepRejection = (event: RejectionEvent) => Seq;

/** Messages of one client that are to be counted by the next record: what all of them wait for. */
interface Counted extends LaterSeq {
  seq: Seq | undefined;
  event: RejectionEvent;
  messages: number;
}

export class RejectionQuota {
  readonly #clock: Clock;
  readonly #keep: KeepRejection;
  #topics = new BoundedMap<string, number>(mostTopics);
  #kept = 0;
  #windowFromMs = Number.NEGATIVE_INFINITY;
  readonly #named: RecentlyNamed;
  readonly #counted = new Map<string, Counted>();
  #timer: Timer | undefined;

  constructor(clock: Clock, keep: KeepRejection) {
    this.#clock = clock;
    this.#keep = keep;
    this.#named = new RecentlyNamed(clock);
  }

  /** Takes a rejection of a client, whole or as one more. */
  take(client: string, event: RejectionEvent): Receipt {
    const isNews = !this.#named.has(event.device);
    if (this.#isWithin(event.data.topic) || isNews) {
      this.passing(client);
      this.#named.add(event.device);
      return this.#keep(event);
    }
    const counted = this.#counted.get(client);
    if (counted === undefined) {
      const first: Counted = { seq: undefined, event, messages: 1 };
      this.#counted.set(client, first);
      this.#timer ??= this.#clock.setTimer(longestWaitMs, () => this.flush());
      return first;
    }
    counted.event = event;
    counted.messages += 1;
    if (counted.messages >= mostTogether) this.passing(client);
    return counted;
  }

  /** To be called before anything else of the client is appended. */
  passing(client: string): void {
    if (this.#counted.size === 0) return;
    const counted = this.#counted.get(client);
    if (!counted) return;
    this.#counted.delete(client);
    const { event, messages } = counted;
    this.#named.add(event.device);
    const notKept = messages - 1;
    const data = notKept > 0 ? { ...event.data, notKept } : event.data;
    counted.seq = this.#keep({ ...event, data });
  }

  /** What the latest message of the client waits for that was only counted; undefined for none. */
  waitingOf(client: string): LaterSeq | undefined {
    return this.#counted.size === 0 ? undefined : this.#counted.get(client);
  }

  /** Appends the counts that wait. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const client of [...this.#counted.keys()]) this.passing(client);
  }

  #isWithin(topic: string): boolean {
    const now = this.#clock.monotonicMs();
    if (now - this.#windowFromMs >= windowMs) {
      this.#windowFromMs = now;
      this.#kept = 0;
      this.#topics = new BoundedMap(mostTopics);
    }
    const ofTopic = this.#topics.get(topic) ?? 0;
    if (ofTopic >= mostOfTopic || this.#kept >= mostInAll) return false;
    this.#topics.set(topic, ofTopic + 1);
    this.#kept += 1;
    return true;
  }
}
