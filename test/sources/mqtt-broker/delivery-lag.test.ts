import { describe, expect, test, vi } from "vitest";
import { plainGrant } from "../../../src/sources/mqtt-broker/grant.ts";
import { OutboundMessage } from "../../../src/sources/mqtt-broker/outbound-message.ts";
import { Outbox } from "../../../src/sources/mqtt-broker/outbox.ts";
import { OutboxBudget } from "../../../src/sources/mqtt-broker/outbox-budget.ts";
import type { Wire } from "../../../src/sources/mqtt-broker/wire-writer.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { peer } from "../../support/mqtt-peer.ts";
import { silentMetrics } from "../../support/silence.ts";

/** A socket that takes bytes only when it is told to. */
class StuckWire implements Wire {
  readonly writable = true;
  bytesWritten = 0;
  writableLength = 0;
  readonly #drained = new Set<() => void>();

  get writableNeedDrain(): boolean {
    return this.writableLength >= 16_384;
  }

  write(bytes: Uint8Array): boolean {
    this.bytesWritten += bytes.length;
    this.writableLength += bytes.length;
    return !this.writableNeedDrain;
  }

  cork(): void {}
  uncork(): void {}

  on(_event: "drain", listener: () => void): void {
    this.#drained.add(listener);
  }

  off(_event: "drain", listener: () => void): void {
    this.#drained.delete(listener);
  }

  take(bytes = this.writableLength): void {
    this.writableLength -= bytes;
    if (this.writableLength > 0) return;
    for (const drained of this.#drained) drained();
  }
}

const mib = 2 ** 20;

async function stuck() {
  const clock = new ManualClock();
  const budget = new OutboxBudget(32 * mib);
  const dropped: (readonly [bound: string, times: number])[] = [];
  const lags: unknown[] = [];
  const outbox = new Outbox({
    budget,
    clock,
    dropped: (bound, times) => dropped.push([bound, times]),
    makeRoom: () => false,
    lags: (limit) => lags.push(limit),
  });
  const wire = new StuckWire();
  outbox.attach(wire);
  const deliver = (qos: 0 | 1 | 2, bytes = 100_000): void =>
    outbox.deliver(new OutboundMessage("t", Buffer.alloc(bytes), qos), plainGrant(qos));
  return { clock, budget, dropped, lags, outbox, wire, deliver };
}

describe("the outbox of a subscriber that takes nothing", () => {
  test("drops QoS 0 at half of its room, says so once a second, and lets QoS 1 wait in the other half", async () => {
    const { clock, outbox, dropped, lags, deliver } = await stuck();
    for (let n = 0; n < 50; n += 1) deliver(0);
    expect(outbox.bytes).toBeLessThanOrEqual(mib);
    expect(dropped).toEqual([["subscriber", 1]]);
    await clock.advance(1_000);
    deliver(0);
    expect(dropped.slice(1)).toEqual([["subscriber", expect.any(Number)]]);
    expect(dropped[1]?.[1]).toBeGreaterThan(30);
    for (let n = 0; n < 9; n += 1) deliver(1);
    expect(lags).toEqual([]);
    for (let n = 0; n < 5; n += 1) deliver(1);
    expect(lags[0]).toBe("subscriber");
    expect(outbox.bytes).toBeLessThanOrEqual(2 * mib);
  });

  test("is given up after ten seconds, and not while it takes some of it", async () => {
    const { clock, lags, wire, deliver } = await stuck();
    for (let n = 0; n < 5; n += 1) deliver(0);
    await clock.advance(9_000);
    wire.take(100);
    await clock.advance(9_000);
    wire.take(100);
    expect(lags).toEqual([]);
    await clock.advance(20_000);
    expect(lags).toEqual(["time"]);
  });

  test("gives everything back when its session ends", async () => {
    const { budget, outbox, wire, deliver } = await stuck();
    for (let n = 0; n < 5; n += 1) {
      deliver(0);
      deliver(1);
    }
    expect(budget.bytes).toBeGreaterThan(500_000);
    outbox.end();
    wire.take();
    expect(budget.bytes).toBe(0);
  });

  test("takes one message of any size when it has nothing", async () => {
    const { wire, dropped, deliver } = await stuck();
    deliver(1, 10 * mib);
    wire.take();
    expect(dropped).toEqual([]);
    expect(wire.bytesWritten).toBeGreaterThan(10 * mib);
  });
});

test("those that are away use half of the room of all", () => {
  const budget = new OutboxBudget(32 * mib);
  const outboxes = Array.from(
    { length: 30 },
    () =>
      new Outbox({
        budget,
        clock: new ManualClock(),
        dropped() {},
        makeRoom: () => false,
        lags() {},
      }),
  );
  const message = new OutboundMessage("t", Buffer.alloc(100_000), 1);
  for (let n = 0; n < 30; n += 1)
    for (const outbox of outboxes) outbox.deliver(message, plainGrant(1));
  expect(budget.bytes).toBeLessThanOrEqual(16 * mib);
  expect(budget.bytes).toBeGreaterThan(15 * mib);
});

describe("a subscriber that stops reading", () => {
  test.each([0, 1] as const)(
    "at QoS %i holds up neither publishers nor other subscribers, and is closed with a word",
    async (qos) => {
      const warnings: { text: string; fields: unknown }[] = [];
      const logger = {
        debug() {},
        info() {},
        warn: (text: string, fields?: unknown) => void warnings.push({ text, fields }),
        error() {},
      };
      const closed = vi.fn();
      const metrics = {
        ...silentMetrics,
        counter: (name: string) => ({ add: () => name.includes("subscribers_closed") && closed() }),
      };
      const { port } = await mqttBroker({}, { logger, metrics });
      const deaf = await peer(port, { clientId: "deaf" });
      await deaf.subscribe(["#", qos]);
      deaf.socket.pause();
      const listener = await peer(port);
      await listener.subscribe(["last", 1]);
      const publisher = await peer(port);
      const payload = Buffer.alloc(100_000);
      // Kernels keep some megabytes of their own for a socket.
      for (let n = 0; n < 150; n += 1) await publisher.publish("fill", payload, { qos });
      await publisher.publish("last", "x");
      expect(await listener.deliveries()).toEqual(["last=x q1"]);
      expect(warnings[0]).toMatchObject({
        text: expect.stringContaining("dropped a message"),
        fields: { client: "deaf", reason: "subscriber-full", atMost: 2 * mib },
      });
      if (qos === 0) return;
      expect(closed).toHaveBeenCalledTimes(1);
      expect(warnings[1]).toMatchObject({
        text: expect.stringContaining("closed a subscriber"),
        fields: {
          client: "deaf",
          reason: "subscriber-full",
          address: expect.stringContaining("127.0.0.1"),
        },
      });
    },
  );

  test("and keeps its session finds what waited when it comes back", async () => {
    const { port } = await mqttBroker();
    const deaf = await peer(port, { clientId: "deaf", clean: false });
    await deaf.subscribe(["fill", 1]);
    deaf.socket.pause();
    const publisher = await peer(port);
    const payload = Buffer.alloc(100_000);
    for (let n = 0; n < 150; n += 1) await publisher.publish("fill", payload);
    await deaf.vanish();
    const back = await peer(port, { clientId: "deaf", clean: false });
    const waiting = await back.publishes();
    expect(waiting.length).toBeGreaterThan(10);
    expect(waiting[0]?.dup).toBe(true);
  });
});
