import { describe, expect, it } from "vitest";
import { type Seq, toSeq } from "../../src/core/ids.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import { InFlight } from "../../src/sources/in-flight.ts";
import { Lane } from "../../src/sources/lane.ts";

/** A log that is on disk as far as the test says. */
class TestLog {
  durableSeq = toSeq(0);
  readonly #listeners = new Set<() => void>();

  onDurable(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  commit(upTo: number): void {
    this.durableSeq = toSeq(upTo);
    for (const listener of this.#listeners) listener();
  }
}

function lanes(maxBytes = 64 * 1024) {
  const log = new TestLog();
  const inFlight = new InFlight(maxBytes, log);
  const acked: string[] = [];
  const events: string[] = [];
  const lane = (name: string): Lane<string> =>
    new Lane<string>(inFlight, {
      acked: (message) => acked.push(message),
      answered: () => events.push(`${name} answered`),
      resume: () => events.push(`${name} resumed`),
    });
  return { acked, events, inFlight, lane, log };
}

describe("a lane", () => {
  it("acknowledges in the order of its messages, whatever order their records come to disk in", () => {
    const { acked, lane, log } = lanes();
    const one = lane("one");
    const counted: { seq: Seq | undefined } = { seq: undefined };
    const receipts: Receipt[] = [toSeq(2), counted, counted, toSeq(1), toSeq(4)];
    for (const [at, receipt] of receipts.entries()) one.add(`m${at}`, 10, receipt);
    log.commit(1);
    expect(acked).toEqual([]);
    log.commit(2);
    expect(acked).toEqual(["m0"]);
    log.commit(4);
    expect(acked).toEqual(["m0"]);
    counted.seq = toSeq(5);
    log.commit(5);
    expect(acked).toEqual(["m0", "m1", "m2", "m3", "m4"]);
  });

  it("waits for its own messages only", () => {
    const { acked, lane, log } = lanes();
    const [slow, quick] = [lane("slow"), lane("quick")];
    slow.add("late", 10, { seq: undefined });
    quick.add("soon", 10, toSeq(1));
    log.commit(1);
    expect(acked).toEqual(["soon"]);
  });

  it("is answered once for all that one commit brought to disk", () => {
    const { acked, events, lane, log } = lanes();
    const one = lane("one");
    for (let seq = 1; seq <= 100; seq += 1) one.add(`m${seq}`, 10, toSeq(seq));
    log.commit(60);
    expect(acked).toHaveLength(60);
    expect(events).toEqual(["one answered"]);
    log.commit(100);
    expect(events).toEqual(["one answered", "one answered"]);
  });

  it("acknowledges what is on disk already after the turn, since no commit will tell", async () => {
    const { acked, lane, log } = lanes();
    log.commit(7);
    const one = lane("one");
    one.add("again", 10, toSeq(3));
    expect(acked).toEqual([]);
    await Promise.resolve();
    expect(acked).toEqual(["again"]);
  });

  it("acknowledges nothing once its source is closed", () => {
    const { acked, inFlight, lane, log } = lanes();
    lane("one").add("m", 10, toSeq(1));
    inFlight.close();
    log.commit(1);
    expect(acked).toEqual([]);
  });
});

describe("what is under way", () => {
  it("holds a lane back at an eighth of the bound, and lets it go on after the turn", async () => {
    const { events, inFlight, lane, log } = lanes();
    const one = lane("one");
    let seq = 0;
    while (inFlight.mayRead(one)) one.add("m", 512, toSeq(++seq));
    expect([seq, inFlight.held]).toEqual([8, 1]);
    log.commit(seq);
    expect(events).toEqual(["one answered"]);
    await Promise.resolve();
    expect(events).toEqual(["one answered", "one resumed"]);
    expect([inFlight.bytes, one.bytes, inFlight.held]).toEqual([0, 0, 0]);
  });

  it("counts also when its sender is long gone", () => {
    const { inFlight, lane, log } = lanes();
    const one = lane("one");
    one.add("m", 512, toSeq(1));
    inFlight.forget(one);
    expect(inFlight.bytes).toBe(1_024);
    log.commit(1);
    expect(inFlight.bytes).toBe(0);
  });
});
