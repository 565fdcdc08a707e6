import { describe, expect, test } from "vitest";
import type { Delivery } from "../../../src/core/record.ts";
import { untilDurable } from "../../../src/core/until-durable.ts";
import type { UnansweredSession } from "../../../src/sources/mqtt-broker/unanswered-messages.ts";
import {
  type DeliveryMachine,
  session,
  settle,
  startedMachine,
} from "../../support/delivery-machine.ts";
import { draftOf } from "../../support/test-log.ts";

const { stringify } = JSON;

function begin(machine: DeliveryMachine): UnansweredSession {
  const { unanswered } = machine.table.session(session, true);
  if (unanswered === undefined) throw new Error("the session is kept");
  return unanswered;
}

/** A message of QoS 1 that is on disk; true when it was there before. */
async function store(
  machine: DeliveryMachine,
  of: UnansweredSession,
  packetId: number,
  { hash = packetId, isAgain = false, events = 1 } = {},
): Promise<boolean> {
  const met = of.meet(packetId, hash, isAgain);
  if (met.known !== undefined) return true;
  let seq = machine.log.lastSeq;
  for (let at = 0; at < events; at += 1) {
    const part = events > 1 ? { following: events - 1 - at, isFirst: at === 0 } : undefined;
    if (part && met.torn?.parts.has(part.following)) continue;
    const delivery: Delivery = { ...met.delivery, ...(part && { part }) };
    seq = machine.log.append({ ...draftOf(packetId), delivery });
  }
  await untilDurable(machine.log, seq);
  return false;
}

async function pass(machine: DeliveryMachine, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await machine.clock.advance(500);
    await settle();
  }
}

async function crashAndStart(machine: DeliveryMachine): Promise<UnansweredSession> {
  machine.crash();
  await machine.start();
  return begin(machine);
}

describe("after a crash a QoS 1 message that comes with DUP", () => {
  test("is known when it may have had no PUBACK, also after a second crash", async () => {
    const machine = await startedMachine();
    const of = begin(machine);
    for (const id of [1, 2, 3]) await store(machine, of, id);
    await crashAndStart(machine);
    const again = await crashAndStart(machine);
    const known: boolean[] = [];
    for (const id of [2, 3, 4]) known.push(await store(machine, again, id, { isAgain: true }));
    expect(known).toEqual([true, true, false]);
  });

  test("is known when it was stored as one that came again", async () => {
    const machine = await startedMachine();
    await store(machine, begin(machine), 7, { isAgain: true });
    await store(machine, begin(machine), 7, { isAgain: true });
    const again = await crashAndStart(machine);
    expect(await store(machine, again, 7, { isAgain: true })).toBe(true);
  });

  test("is new when it was answered seconds before", async () => {
    const machine = await startedMachine();
    const of = begin(machine);
    await store(machine, of, 1);
    await pass(machine, 3_000);
    await store(machine, of, 2);
    const again = await crashAndStart(machine);
    const known = [
      await store(machine, again, 1, { isAgain: true }),
      await store(machine, again, 2, { isAgain: true }),
    ];
    expect(known).toEqual([false, true]);
  });

  test("is new when its client uses numbers again: it may be one that never arrived", async () => {
    const machine = await startedMachine();
    const of = begin(machine);
    for (let n = 0; n < 3; n += 1) await store(machine, of, 1, { hash: 99 });
    const again = await crashAndStart(machine);
    expect(await store(machine, again, 1, { hash: 99, isAgain: true })).toBe(false);
  });

  test("is known however long ago it was stored, when its connection broke before its PUBACK", async () => {
    const machine = await startedMachine();
    const of = begin(machine);
    await store(machine, of, 1);
    of.leave({ session, packetId: 1, hash: 1, untilPuback: "first" });
    of.end();
    await pass(machine, 10_000);
    for (let id = 2; id < 5; id += 1) await store(machine, begin(machine), id, { isAgain: true });
    await pass(machine, 10_000);
    const again = await crashAndStart(machine);
    expect(await store(machine, again, 1, { isAgain: true })).toBe(true);
  });

  test("is new in the connection after the one in which it did not come again", async () => {
    const machine = await startedMachine();
    await store(machine, begin(machine), 1);
    const idle = await crashAndStart(machine);
    idle.end();
    expect(await store(machine, begin(machine), 1, { isAgain: true })).toBe(false);
    await pass(machine, 3_000);
    const again = await crashAndStart(machine);
    expect(await store(machine, again, 1, { isAgain: true })).toBe(false);
  });

  test("is new when its session was cleared since", async () => {
    const machine = await startedMachine();
    await store(machine, begin(machine), 1);
    await crashAndStart(machine);
    await machine.table.clear(session);
    const again = await crashAndStart(machine);
    expect(await store(machine, again, 1, { isAgain: true })).toBe(false);
  });

  test("with several events is known when all of them are there", async () => {
    const machine = await startedMachine();
    await store(machine, begin(machine), 1, { events: 3 });
    const { durableSeq } = machine.log;
    const again = await crashAndStart(machine);
    expect(await store(machine, again, 1, { events: 3, isAgain: true })).toBe(true);
    expect(machine.log.lastSeq).toBe(durableSeq);
  });
});

test("a mark is written down while messages of QoS 1 come, and not for ever", async () => {
  const machine = await startedMachine();
  await store(machine, begin(machine), 1);
  await pass(machine, 5_000);
  const before = stringify([...machine.disk.contentOf("/qos2/table")]);
  await pass(machine, 20_000);
  expect(stringify([...machine.disk.contentOf("/qos2/table")])).toBe(before);
});
