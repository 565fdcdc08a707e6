import { describe, expect, test } from "vitest";
import { toSeq } from "../../../src/core/ids.ts";
import { session, settle, startedMachine, tablePath } from "../../support/delivery-machine.ts";
import { draftOf, numberOf, readAll } from "../../support/test-log.ts";

describe("an open message", () => {
  test("is known after a crash, by its record alone", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    machine.crash();
    await machine.start();
    expect([machine.isOpen(1, 11), machine.isOpen(1, 12), machine.isOpen(2, 11)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await machine.publish(1, 11, draftOf(1))).toBe(true);
  });

  test("is known after its record has left the disk", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    await machine.stop();
    for (const path of machine.disk.paths) if (path !== tablePath) machine.disk.lose(path);
    await machine.start();
    expect(machine.isOpen(1, 11)).toBe(true);
  });

  test("is over after its release, over crashes too, and its number is free for the same again", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    await machine.release(1);
    expect(machine.isOpen(1, 11)).toBe(false);
    machine.crash();
    await machine.start();
    expect(await machine.publish(1, 11, draftOf(2))).toBe(false);
    machine.crash();
    await machine.start();
    expect(machine.isOpen(1, 11)).toBe(true);
    expect((await readAll(machine.log)).map(numberOf)).toEqual([1, 2]);
  });

  test("gives its number up to another content, which a restart remembers", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    expect(await machine.publish(1, 12, draftOf(2))).toBe(false);
    machine.crash();
    await machine.start();
    expect([machine.isOpen(1, 11), machine.isOpen(1, 12)]).toEqual([false, true]);
  });

  test("whose record the crash took is new when it comes again", async () => {
    const machine = await startedMachine();
    machine.disk.dieAfter(0);
    void machine.publish(1, 11, draftOf(1));
    await settle();
    machine.crash();
    await machine.start();
    expect(machine.isOpen(1, 11)).toBe(false);
  });

  test("is not ended by a release that was meant for the one before it", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    const release = machine.table.session(session, true).release(1);
    await machine.publish(1, 12, draftOf(2));
    await release?.();
    expect(machine.isOpen(1, 12)).toBe(true);
    machine.crash();
    await machine.start();
    expect(machine.isOpen(1, 12)).toBe(true);
  });

  test("of a session that begins anew is forgotten for good, those of others are not", async () => {
    const machine = await startedMachine();
    const other = "ff".repeat(16);
    await machine.publish(1, 11, draftOf(1));
    await machine.publish(1, 11, draftOf(2), other);
    await machine.table.clear(session);
    machine.crash();
    await machine.start();
    expect([machine.isOpen(1, 11), machine.isOpen(1, 11, other)]).toEqual([false, true]);
  });

  test("of a session that is not kept is gone with the connection", async () => {
    const { table } = await startedMachine();
    const messages = table.session(session, false);
    const open = messages.begin(1, 11);
    expect(messages.find(1, 11)).toBe(open);
    expect(open?.kept).toBe(false);
    expect(table.session(session, false).find(1, 11)).toBeUndefined();
    messages.end();
    expect(messages.find(1, 11)).toBeUndefined();
  });

  test("is one too many beyond 10,000 of a session", async () => {
    const { table } = await startedMachine();
    for (const kept of [true, false]) {
      const messages = table.session(session, kept);
      for (let packetId = 1; packetId <= 10_000; packetId += 1) messages.begin(packetId, 1);
      expect(messages.begin(10_001, 1)).toBeUndefined();
      expect(messages.begin(1, 2)).toBeDefined();
    }
  });

  test("is one too many beyond 100,000 of all sessions that are not kept", async () => {
    const { table } = await startedMachine();
    const sessions = Array.from({ length: 11 }, (_, n) => table.session(`s${n}`, false));
    for (const messages of sessions.slice(0, 10))
      for (let packetId = 1; packetId <= 10_000; packetId += 1) messages.begin(packetId, 1);
    expect(sessions[10]?.begin(1, 1)).toBeUndefined();
    sessions[0]?.end();
    expect(sessions[10]?.begin(1, 1)).toBeDefined();
  });

  test("of the session that used QoS 2 longest ago makes room for others beyond 100,000", async () => {
    const { table } = await startedMachine();
    const name = (n: number): string => n.toString(16).padStart(32, "0");
    for (let n = 0; n < 11; n += 1) {
      const messages = table.session(name(n), true);
      for (let packetId = 1; packetId <= 10_000; packetId += 1) {
        const open = messages.begin(packetId, 1);
        if (open) open.receipt = toSeq(0);
      }
    }
    expect(table.session(name(0), true).find(1, 1)).toBeUndefined();
    expect(table.session(name(1), true).find(1, 1)).toBeDefined();
    expect(table.session(name(10), true).find(10_000, 1)).toBeDefined();
  });
});
