import { describe, expect, test, vi } from "vitest";
import { formatEntries, parseEntries } from "../../../src/sources/mqtt-broker/delivery-entry.ts";
import { session, settle, startedMachine, tablePath } from "../../support/delivery-machine.ts";
import { append, draftOf } from "../../support/test-log.ts";

describe("the file", () => {
  test("is told of a release before anybody else, and a failing disk only delays it", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    machine.disk.fault = (call, path) =>
      call === "sync" && path.startsWith("/qos2") ? "EIO" : undefined;
    let released = false;
    const release = machine.release(1).then(() => {
      released = true;
    });
    await machine.clock.advance(10_000);
    expect(released).toBe(false);
    machine.disk.heal();
    await machine.clock.advance(2_000);
    await release;
    machine.crash();
    await machine.start();
    expect(machine.isOpen(1, 11)).toBe(false);
  });

  test("does not vouch for a record that was not on disk when it was written", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    let tableFails = true;
    machine.disk.fault = (call, path) => {
      if (call !== "sync") return undefined;
      if (path.startsWith("/log")) return "EIO";
      const fails = tableFails;
      tableFails = false;
      return fails ? "EIO" : undefined;
    };
    const published = machine.publish(2, 22, draftOf(2));
    await settle();
    const released = machine.release(1);
    await machine.clock.advance(1_500);
    await released;
    machine.disk.heal();
    await machine.clock.advance(10_000);
    await published;
    machine.crash();
    await machine.start();
    expect([machine.isOpen(1, 11), machine.isOpen(2, 22)]).toEqual([false, true]);
  });

  test("costs only the damaged entries where it is damaged", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    await machine.publish(2, 22, draftOf(2));
    await machine.stop();
    machine.disk.damage(tablePath, (bytes) => {
      bytes[50] = (bytes[50] ?? 0) ^ 1;
      return Buffer.concat([bytes, Buffer.from("torn")]);
    });
    await machine.start();
    expect([machine.isOpen(1, 11), machine.isOpen(2, 22)]).toEqual([false, true]);
  });

  test("of a later version stops the start and stays as it is", async () => {
    const machine = await startedMachine();
    await machine.stop();
    machine.disk.damage(tablePath, () => formatEntries([{ kind: "covered", seq: 7, version: 2 }]));
    const before = Buffer.from(machine.disk.contentOf(tablePath));
    await expect(machine.start()).rejects.toMatchObject({ code: "buffer.version" });
    expect(machine.disk.contentOf(tablePath)).toEqual(before);
  });

  test("is written anew when the log has gone on, so that a start reads little", async () => {
    const machine = await startedMachine();
    await machine.publish(1, 11, draftOf(1));
    for (let n = 0; n < 50_000; n += 1) machine.log.append(draftOf(n, undefined, 1));
    await append(machine.log, draftOf(1));
    await vi.waitFor(() => {
      const [first, second] = parseEntries(machine.disk.contentOf(tablePath)).entries;
      expect(first?.kind === "covered" && first.seq).toBeGreaterThanOrEqual(50_000);
      expect(second).toMatchObject({ kind: "open", delivery: { packetId: 1, hash: 11 } });
    });
  });

  test("takes 60,000 releases without growing", async () => {
    const machine = await startedMachine();
    for (let round = 0; round < 60; round += 1) {
      const ids = Array.from({ length: 1_000 }, (_, at) => at + 1);
      await Promise.all(ids.map((id) => machine.publish(id, round, draftOf(id, undefined, 1))));
      await Promise.all(ids.map((id) => machine.release(id)));
    }
    expect(machine.disk.contentOf(tablePath).length).toBeLessThan(2 ** 20 + 80_000);
  }, 30_000);
});

describe("entries", () => {
  test("come back as they were written, and nothing else passes for one", () => {
    const entries = [
      { kind: "covered", seq: 2 ** 52, version: 1 },
      { kind: "open", delivery: { session, packetId: 65_535, hash: 0xffffffff } },
      { kind: "released", session, packetId: 1, seq: 5 },
      { kind: "cleared", session, seq: 6 },
    ] as const;
    const bytes = formatEntries(entries);
    expect(parseEntries(bytes)).toEqual({ entries, damaged: 0 });
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(parseEntries(damaged).damaged).toBe(1);
    }
    expect(parseEntries(Buffer.alloc(80))).toEqual({ entries: [], damaged: 2 });
  });
});
