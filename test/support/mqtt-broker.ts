import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { noAudit } from "../../src/core/audit.ts";
import { type Seq, toSeq } from "../../src/core/ids.ts";
import type { Durability } from "../../src/core/log-writer.ts";
import type { ConnectionChange, MessageSink, RawMessage } from "../../src/core/message.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import type { EmbeddedBroker, EmbeddedBrokerDeps } from "../../src/sources/mqtt-broker/broker.ts";
import { openEmbeddedBroker } from "../../src/sources/mqtt-broker/embedded-broker.ts";
import { mqttBrokerOptions } from "../../src/sources/mqtt-broker/options.ts";
import { silentLogger, silentMetrics } from "./silence.ts";
import { testDeliveries } from "./test-deliveries.ts";

/** Seqs that are and are not on the disk of a `RecordingSink`. */
const onDisk = toSeq(0);
const notOnDisk = toSeq(1);

/** A sink that remembers everything, and acknowledges at once or when it is told to. */
export class RecordingSink implements MessageSink, Durability {
  readonly messages: RawMessage[] = [];
  readonly changes: ConnectionChange[] = [];
  /** While true, nothing is acknowledged: the disk hangs. */
  stalled = false;
  readonly durableSeq = onDisk;
  readonly #receipts: { seq: Seq | undefined }[] = [];
  readonly #listeners = new Set<() => void>();
  #acked = 0;

  message(message: RawMessage): Receipt {
    this.messages.push(message);
    const receipt: { seq: Seq | undefined } = { seq: undefined };
    this.#receipts.push(receipt);
    if (!this.stalled) this.ackAll();
    return receipt;
  }

  connection(change: ConnectionChange): Seq {
    this.changes.push(change);
    return this.stalled ? notOnDisk : onDisk;
  }

  onDurable(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Acknowledges one message, by its number from 0, whatever came before it. */
  ack(at: number): void {
    const receipt = this.#receipts[at];
    if (receipt) receipt.seq = onDisk;
    this.#tell();
  }

  /** Acknowledges what waits, oldest first; with a number, only so many. */
  ackAll(count = Number.POSITIVE_INFINITY): void {
    const until = Math.min(this.messages.length, this.#acked + count);
    while (this.#acked < until) {
      const receipt = this.#receipts[this.#acked];
      if (receipt) receipt.seq = onDisk;
      this.#acked += 1;
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  get waiting(): number {
    return this.messages.length - this.#acked;
  }

  /** Payloads as text. */
  get payloads(): string[] {
    return this.messages.map(({ payload }) => Buffer.from(payload).toString());
  }
}

export interface TestBroker {
  readonly broker: EmbeddedBroker;
  readonly sink: RecordingSink;
  readonly port: number;
}

/** A broker of the running test's own on a free port; it is gone when the test ends. */
export async function mqttBroker(
  options: Record<string, unknown> = {},
  deps: Partial<EmbeddedBrokerDeps> = {},
): Promise<TestBroker> {
  const sink = new RecordingSink();
  const parsed = mqttBrokerOptions.parse({
    kind: "mqtt-broker",
    listen: "127.0.0.1:0",
    ...options,
  });
  const broker = await openEmbeddedBroker(parsed, {
    audit: noAudit,
    users: undefined,
    clientOf: () => undefined,
    deliveries: deps.deliveries ?? (await testDeliveries(sink)),
    sink,
    log: sink,
    nowMs: () => systemClock.wallMs(),
    clock: systemClock,
    logger: silentLogger,
    metrics: silentMetrics,
    ...deps,
  });
  onTestFinished(() => broker.stop());
  return { broker, sink, port: Number(broker.address.split(":").at(-1)) };
}
