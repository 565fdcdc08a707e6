/**
 * A record log in memory, for the rooms that read one. It is strict where the real log is: a
 * reader's bodies are overwritten at its next call, and confirmations must never go back.
 */

import { GatewayError } from "../../src/core/errors.ts";
import type { GapRange, Origin } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createDrafter, type DraftEvent } from "../../src/core/event-draft.ts";
import { eventFront, joinEvent } from "../../src/core/event-front.ts";
import { type RunId, type Seq, toDeviceId, toRunId, toSeq } from "../../src/core/ids.ts";
import type { LogState, StreamPosition } from "../../src/core/log-accounts.ts";
import type { LogReader } from "../../src/core/log-reader.ts";
import type { StoredRecord } from "../../src/core/record.ts";
import type { RecordDraft } from "../../src/core/record-draft.ts";
import type { RecordLog } from "../../src/core/record-log.ts";

export class MemoryLog implements RecordLog {
  readonly run: RunId;
  readonly lastAppendedMs: undefined;
  /** Every confirmation that came, in order. */
  readonly confirmations: StreamPosition[] = [];
  readonly #front: string;
  readonly #draft: DraftEvent;
  readonly #runs = new Set<RunId>();
  readonly #listeners = new Set<() => void>();
  #records: StoredRecord[] = [];
  #firstSeq = 1;
  #confirmed: StreamPosition | undefined;
  /** Numbers that a gap event has declared lost. */
  #declared = new Set<number>();

  constructor(origin: Origin, run = "run00001", before?: MemoryLog) {
    this.run = toRunId(run);
    this.#front = eventFront(origin.gateway, this.run);
    this.#draft = createDrafter(origin);
    this.#runs.add(this.run);
    if (!before) return;
    this.#records = [...before.#records];
    this.#firstSeq = before.#firstSeq;
    this.#confirmed = before.#confirmed;
    this.#declared = new Set(before.#declared);
    for (const old of before.#runs) this.#runs.add(old);
  }

  get firstSeq(): Seq {
    return toSeq(this.#firstSeq);
  }
  get lastSeq(): Seq {
    return this.#records.at(-1)?.seq ?? toSeq(this.#firstSeq - 1);
  }
  get durableSeq(): Seq {
    return this.lastSeq;
  }
  get confirmed(): StreamPosition | undefined {
    return this.#confirmed;
  }
  get records(): readonly StoredRecord[] {
    return this.#records;
  }

  append({ deviceToken, kind, recordClass, tail }: RecordDraft): Seq {
    const seq = toSeq(this.lastSeq + 1);
    this.#records.push({
      run: this.run,
      seq,
      appendedMs: 0,
      kind,
      recordClass,
      deviceToken,
      body: new TextEncoder().encode(joinEvent(this.#front, seq, tail)),
    });
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener();
    });
    return seq;
  }

  /** Appends measurements of one device that number themselves in metric `n`. */
  appendMany(count: number, padding = 0): void {
    const device = toDeviceId("freezer-07");
    const note = "x".repeat(padding);
    for (let i = 0; i < count; i += 1) {
      const n = this.lastSeq + 1;
      this.append(
        this.#draft({
          kind: "measurement",
          device,
          timeMs: 0,
          receivedMs: 0,
          clock: "gateway",
          data: [
            { name: "n", value: n, quality: "good" },
            ...(note === "" ? [] : [{ name: "note", value: note, quality: "good" as const }]),
          ],
        }),
      );
    }
  }

  /** Gap ranges that were declared, in order. */
  gaps(): GapRange[] {
    return this.#records.flatMap((record) => {
      const event = decodeEvent(new TextDecoder().decode(record.body));
      return isMalformed(event) || event.kind !== "gap" ? [] : event.data.ranges;
    });
  }

  /** The metric `n` of the measurements among some records, in order. */
  numbers(isWanted: (record: StoredRecord) => boolean): number[] {
    return this.#records.filter(isWanted).flatMap((record) => {
      const event = decodeEvent(new TextDecoder().decode(record.body));
      if (isMalformed(event) || event.kind !== "measurement") return [];
      return Number(event.data.find((measurement) => measurement.name === "n")?.value);
    });
  }

  keepBehind(): void {}

  /** Lets go of the oldest records, as after their hold-back. */
  forget(upTo: number): void {
    this.#records = this.#records.filter((record) => record.seq > upTo);
    this.#firstSeq = Math.max(this.#firstSeq, upTo + 1);
  }

  /** Forgets what was confirmed, as a lost cursor file. */
  loseCursor(): void {
    this.#confirmed = undefined;
  }

  onDurable(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async openReader(after: Seq): Promise<LogReader> {
    let last: number = after;
    let lent: Uint8Array[] = [];
    return {
      next: async (maxRecords) => {
        for (const body of lent) body.fill(0x21);
        const from = Math.max(0, last - this.#firstSeq + 1);
        const batch = this.#records.slice(from, from + maxRecords);
        last = batch.at(-1)?.seq ?? last;
        lent = batch.map((record) => record.body.slice());
        return batch.map((record, i) => ({ ...record, body: lent[i] ?? record.body }));
      },
      close: async () => {},
    };
  }

  knowsRun(run: RunId): boolean {
    return this.#runs.has(run);
  }

  confirm(position: StreamPosition): void {
    if (this.#confirmed && position.seq < this.#confirmed.seq) {
      throw new GatewayError("internal.bug", "a confirmation went back");
    }
    this.#confirmed = position;
    this.confirmations.push(position);
  }

  async regress(position: StreamPosition | undefined): Promise<number> {
    this.#confirmed = position;
    let lost = 0;
    for (let seq = (position?.seq ?? 0) + 1; seq < this.#firstSeq; seq += 1) {
      if (this.#declared.has(seq)) continue;
      this.#declared.add(seq);
      lost += 1;
    }
    return lost;
  }

  state(): LogState {
    const confirmedSeq = this.#confirmed?.seq ?? 0;
    return {
      run: this.run,
      firstSeq: this.firstSeq,
      lastSeq: this.lastSeq,
      durableSeq: this.durableSeq,
      confirmed: this.#confirmed,
      waitingRecords: this.#records.filter((record) => record.seq > confirmedSeq).length,
      oldestWaitingMs: undefined,
      sizeBytes: 0,
      maxBytes: 0,
      settledSeq: toSeq(0),
      segments: 1,
      droppedRecords: 0,
      writable: true,
      trouble: undefined,
    };
  }
}
