/** A log in memory that is on disk when a test says so; what is not is gone after a crash. */
import type { GatewayEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createDrafter } from "../../src/core/event-draft.ts";
import { eventFront, joinEvent } from "../../src/core/event-front.ts";
import { type Seq, toRunId, toSeq } from "../../src/core/ids.ts";
import type { LogReader } from "../../src/core/log-reader.ts";
import type { StoredRecord } from "../../src/core/record.ts";
import type { RecordLog } from "../../src/core/record-log.ts";
import { origin } from "./gateway-stream.ts";

const run = toRunId("aaaaaaaa");
const front = eventFront(origin.gateway, run);
const draft = createDrafter(origin);

type Part = Pick<RecordLog, "durableSeq" | "firstSeq" | "lastSeq" | "onDurable" | "openReader">;

export class ForgetfulLog implements Part {
  readonly firstSeq = toSeq(1);
  readonly #records: StoredRecord[];
  readonly #listeners = new Set<() => void>();
  #durable: number;
  #goneTo = 0;

  constructor(before: readonly StoredRecord[] = []) {
    this.#records = [...before];
    this.#durable = before.length;
  }

  get lastSeq(): Seq {
    return toSeq(this.#records.length);
  }

  get durableSeq(): Seq {
    return toSeq(this.#durable);
  }

  append(event: GatewayEvent): Seq {
    const { deviceToken, kind, recordClass, tail } = draft(event);
    const seq = toSeq(this.#records.length + 1);
    const body = new TextEncoder().encode(joinEvent(front, seq, tail));
    const appendedMs = event.receivedMs;
    this.#records.push({ run, seq, appendedMs, kind, recordClass, deviceToken, body });
    return seq;
  }

  /** All that was appended is on disk. */
  flush(): void {
    this.#durable = this.#records.length;
    for (const listener of [...this.#listeners]) listener();
  }

  /** The log as the next process finds it. */
  crash(): ForgetfulLog {
    const next = new ForgetfulLog(this.#records.slice(0, this.#durable));
    next.#goneTo = this.#goneTo;
    return next;
  }

  /** Readers find nothing up to here any more. */
  forget(to = this.#durable): void {
    this.#goneTo = to;
  }

  onDurable(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async openReader(after: Seq): Promise<LogReader> {
    let at: number = Math.max(after, this.#goneTo);
    return {
      next: async (most) => {
        const batch = this.#records.slice(at, Math.min(at + most, this.#durable));
        at += batch.length;
        return batch;
      },
      close: async () => {},
    };
  }

  /** What is on disk, in its order. */
  events(): GatewayEvent[] {
    return this.#records.slice(0, this.#durable).flatMap(({ body }) => {
      const event = decodeEvent(new TextDecoder().decode(body));
      return isMalformed(event) ? [] : [event];
    });
  }
}
