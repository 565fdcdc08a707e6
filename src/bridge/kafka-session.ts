/**
 * The right to write one share into Kafka: a producer with a transactional id of the share's own.
 *
 * Invariants
 * - Where anything is in doubt the session is over. The next one begins by fencing it, which commits or
 *   aborts what it left, and by reading back where it was: nothing rests on what the client does after a
 *   failure.
 * - Positions are in the transaction of what they speak of.
 */
import { randomUUID } from "node:crypto";
import { type Kafka, Partitioners, type Producer, type Transaction } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import { kafkaTrouble, whyRefused } from "./kafka-errors.ts";
import { halves, type KafkaGroups, type RecordGroup } from "./kafka-groups.ts";
import { positionsPartition, readPositions } from "./kafka-positions.ts";
import { toRecord } from "./kafka-record.ts";
import type { Letter } from "./letter.ts";
import { type BatchSession, LinkTrouble } from "./link.ts";
import type { KafkaOptions } from "./options.ts";

/** A transaction whose process is no more holds up readers for so long. */
const transactionTimeoutMs = 30_000;
const readWithinMs = 60_000;
const all = -1;

export class KafkaSession implements BatchSession {
  readonly positions: ReadonlyMap<string, unknown>;
  readonly #producer: Producer;
  readonly #options: KafkaOptions;
  readonly #groups: KafkaGroups;
  /** What keys of its positions begin with. */
  readonly #front: string;

  private constructor(
    producer: Producer,
    options: KafkaOptions,
    groups: KafkaGroups,
    front: string,
    found: ReadonlyMap<string, string>,
  ) {
    this.#producer = producer;
    this.#options = options;
    this.#groups = groups;
    this.#front = front;
    this.positions = positionsOf(found, front);
  }

  /** Ends whoever wrote this share, and reads how far he was. */
  static async begin(
    kafka: Kafka,
    options: KafkaOptions,
    share: string,
    groups: KafkaGroups,
    clock: Clock,
  ): Promise<KafkaSession> {
    const { name, positions_topic: topic, transactional_id = `sluicegate-${name}` } = options;
    const producer = kafka.producer({
      transactionalId: `${transactional_id}-${share}`,
      transactionTimeout: transactionTimeoutMs,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    try {
      await producer.connect();
      const until = { key: `${name}/start/${share}`, value: randomUUID() };
      const begun = await producer.transaction();
      await begun.send({
        topic,
        acks: all,
        messages: [{ ...until, partition: positionsPartition }],
      });
      await begun.commit();
      // Of one that was left over others would have to wait until it is forgotten.
      const group = `${transactional_id}-${share}-${until.value}`;
      const reading = { group, until, timeoutMs: readWithinMs };
      const found = await readPositions(kafka, topic, reading, clock);
      return new KafkaSession(producer, options, groups, `${name}/at/${share}/`, found);
    } catch (thrown) {
      await producer.disconnect().catch(() => {});
      throw new LinkTrouble(kafkaTrouble(thrown, "cannot begin at Kafka"), { cause: thrown });
    }
  }

  async carry(
    letters: readonly Letter[],
    positions: ReadonlyMap<string, object>,
    setAside: (letter: Letter, reason: string) => Promise<boolean>,
  ): Promise<void> {
    let groups = this.#groups.of(letters.map((letter) => toRecord(letter, this.#options)));
    try {
      for (;;) {
        const transaction = await this.#producer.transaction();
        const failed = await this.#sendAll(transaction, groups);
        if (!failed) {
          await this.#sendPositions(transaction, positions);
          await transaction.commit();
          this.#groups.noteTaken();
          return;
        }
        await transaction.abort();
        const { group, reason } = failed;
        const canGoOn = this.#groups.isCareful;
        if (group.length > 1) this.#groups.noteRefused();
        if (!canGoOn && group.length > 1) throw new Error(`${reason}; it is looked which one`);
        const [only, ...others] = group;
        if (only && others.length === 0 && !(await setAside(only.letter, reason)))
          throw new Error("stopped before it was noted what is never taken");
        groups = groups.flatMap((one) => (one === group ? halves(one) : [one]));
      }
    } catch (thrown) {
      throw new LinkTrouble(kafkaTrouble(thrown, "cannot write to Kafka"), { cause: thrown });
    }
  }

  async end(): Promise<void> {
    await this.#producer.disconnect().catch(() => {});
  }

  /** Undefined when all are sent; else the records that are never taken, at least one among them. */
  async #sendAll(
    transaction: Transaction,
    groups: readonly RecordGroup[],
  ): Promise<{ readonly group: RecordGroup; readonly reason: string } | undefined> {
    for (const group of groups) {
      const topics = new Set(group.map(({ topic }) => topic));
      const topicMessages = Array.from(topics, (topic) => ({
        topic,
        messages: group.filter((record) => record.topic === topic).map(({ message }) => message),
      }));
      try {
        await transaction.sendBatch({ topicMessages, acks: all });
      } catch (thrown) {
        const reason = whyRefused(thrown);
        if (reason === undefined) throw thrown;
        return { group, reason };
      }
    }
    return undefined;
  }

  async #sendPositions(
    transaction: Transaction,
    positions: ReadonlyMap<string, object>,
  ): Promise<void> {
    const { positions_topic: topic } = this.#options;
    const messages = Array.from(positions, ([stream, position]) => ({
      key: `${this.#front}${stream}`,
      value: JSON.stringify(position),
      partition: positionsPartition,
    }));
    await transaction.send({ topic, acks: all, messages });
  }
}

/** What is not JSON is passed over: then what we kept ourselves counts. */
function positionsOf(
  found: ReadonlyMap<string, string>,
  front: string,
): ReadonlyMap<string, unknown> {
  const positions = new Map<string, unknown>();
  for (const [key, value] of found) {
    if (!key.startsWith(front)) continue;
    try {
      positions.set(key.slice(front.length), JSON.parse(value));
    } catch {}
  }
  return positions;
}
