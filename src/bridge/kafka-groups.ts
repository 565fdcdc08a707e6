/**
 * Which records are sent to Kafka together.
 *
 * Where one of several is refused the client counts as if none of them had been stored, also in partitions
 * that took theirs; so the session is over then. The next one sends what belongs to one key by itself: that is
 * in one partition, taken or refused as a whole, and can be halved until the one is found that is too large.
 */
import type { TopicRecord } from "./kafka-record.ts";

/** Less than a topic takes usually, 1 MiB; and what is tried at least before records go one by one. */
const usualBytes = 512 * 1_024;
const fewestBytes = 16 * 1_024;

export type RecordGroup = readonly TopicRecord[];

export class KafkaGroups {
  #mostBytes = usualBytes;
  #isCareful = false;

  /** True when what is refused can be found within the session. */
  get isCareful(): boolean {
    return this.#isCareful;
  }

  /** In their order, as far as they are of one key. */
  of(records: readonly TopicRecord[]): readonly RecordGroup[] {
    if (!this.#isCareful) return this.#bounded(records);
    const byKey = new Map<string, TopicRecord[]>();
    for (const record of records) {
      const key = `${record.topic} ${record.letter.key}`;
      const others = byKey.get(key);
      if (others) others.push(record);
      else byKey.set(key, [record]);
    }
    return Array.from(byKey.values(), (own) => this.#bounded(own)).flat();
  }

  /** Some of a group were refused. */
  noteRefused(): void {
    this.#isCareful = true;
    this.#mostBytes = Math.max(fewestBytes, this.#mostBytes / 2);
  }

  /** All were taken. */
  noteTaken(): void {
    this.#isCareful = false;
  }

  #bounded(records: readonly TopicRecord[]): RecordGroup[] {
    const groups: TopicRecord[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const record of records) {
      if (bytes + record.bytes > this.#mostBytes) {
        groups.push([]);
        bytes = 0;
      }
      groups.at(-1)?.push(record);
      bytes += record.bytes;
    }
    return groups;
  }
}

/** Of one nothing is left. */
export function halves(group: RecordGroup): RecordGroup[] {
  const half = Math.ceil(group.length / 2);
  return group.length === 1 ? [] : [group.slice(0, half), group.slice(half)];
}
