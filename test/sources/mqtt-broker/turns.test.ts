import { expect, test, vi } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { Turn, Turns } from "../../../src/sources/mqtt-broker/turns.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("who never has enough stands at the end of the queue, who was quiet is served at once", async () => {
  const turns = new Turns(new ManualClock());
  const served: string[] = [];
  const greedy = ["a", "b", "c"].map((name) => {
    const turn: Turn = new Turn(() => {
      while (served.length < 60 && turns.parts(turn) > 0) served.push(name);
    });
    return turn;
  });
  for (const turn of greedy) turn.go();
  await nextTurn();
  expect(served.slice(3, 15).join("")).toBe("abcabcabcabc");
  const quiet = new Turn(() => {});
  for (let n = 0; n < 3; n += 1) await nextTurn();
  expect(turns.parts(quiet)).toBeGreaterThan(0);
  expect(turns.parts(quiet)).toBe(0);
});

test("the more clients wait the less each gets at a time, and never nothing", () => {
  const turns = new Turns(new ManualClock());
  const got: number[] = [];
  for (let waiting = 0; waiting < 64; waiting += 1) {
    got.push(turns.parts(new Turn(() => {})));
    const greedy = new Turn(() => {});
    turns.parts(greedy);
    turns.parts(greedy);
  }
  expect(got[0]).toBeGreaterThan(1);
  expect(got).toEqual(got.toSorted((one, other) => other - one));
  expect(got.at(-1)).toBe(1);
});

test("a turn lasts for two milliseconds, then sockets and disk are looked at", async () => {
  let nowMs = 0;
  const turns = new Turns({ ...systemClock, monotonicMs: () => nowMs });
  let served = 0;
  for (let n = 0; n < 5; n += 1) {
    const turn: Turn = new Turn(() => {
      while (served < 20 && turns.parts(turn) > 0) {
        served += 1;
        nowMs += 1;
      }
    });
    turn.go();
  }
  const before = served;
  await nextTurn();
  expect(served - before).toBe(2);
});

test("a client that sends without end leaves room for one that sends a single message", async () => {
  const { port, sink } = await mqttBroker();
  const flooder = await connect({ port, clientId: "flooder" });
  const honest = await connect({ port, clientId: "honest" });
  const one = Buffer.of(0x30, 4, 0, 1, 0x66, 0x78);
  await flooder.write(Buffer.concat(Array.from({ length: 10_000 }, () => one)));
  await vi.waitFor(() => expect(sink.messages.length).toBeGreaterThan(0), { interval: 1 });
  await honest.publish("t", "mine");
  const before = sink.payloads.indexOf("mine");
  await vi.waitFor(() => expect(sink.messages).toHaveLength(10_001));
  expect(before).toBeLessThan(10_000);
});
