import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { ConnectionChange, MessageSink, RawMessage } from "../../src/core/message.ts";
import {
  type EmbeddedBroker,
  type EmbeddedBrokerDeps,
  openEmbeddedBroker,
} from "../../src/sources/mqtt-broker/embedded-broker.ts";
import { mqttBrokerOptions } from "../../src/sources/mqtt-broker/options.ts";
import { silentLogger, silentMetrics } from "./silence.ts";
import { testDeliveries } from "./test-deliveries.ts";

/** A sink that remembers everything, and acknowledges at once or when it is told to. */
export class RecordingSink implements MessageSink {
  readonly messages: RawMessage[] = [];
  readonly changes: ConnectionChange[] = [];
  /** While true, nothing is acknowledged: the disk hangs. */
  stalled = false;
  #acked = 0;

  message(message: RawMessage): void {
    this.messages.push(message);
    if (!this.stalled) this.ackAll();
  }

  connection(change: ConnectionChange, done: () => void): void {
    this.changes.push(change);
    if (!this.stalled) done();
  }

  /** Acknowledges what waits, oldest first; with a number, only so many. */
  ackAll(count = Number.POSITIVE_INFINITY): void {
    const until = Math.min(this.messages.length, this.#acked + count);
    while (this.#acked < until) {
      const message = this.messages[this.#acked];
      this.#acked += 1;
      message?.ack();
    }
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
    users: undefined,
    deliveries: deps.deliveries ?? (await testDeliveries()),
    sink,
    nowMs: () => systemClock.wallMs(),
    clock: systemClock,
    logger: silentLogger,
    metrics: silentMetrics,
    ...deps,
  });
  onTestFinished(() => broker.stop());
  return { broker, sink, port: Number(broker.address.split(":").at(-1)) };
}
