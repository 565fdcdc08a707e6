import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { SegmentLog } from "../../../src/buffer/segment-log.ts";
import type { RecordDraft } from "../../../src/core/record.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { type Deliveries, openDeliveries } from "../../../src/sources/mqtt/deliveries.ts";
import { formatEntries, parseEntries } from "../../../src/sources/mqtt/delivery-entry.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { silentLogger } from "../../support/silence.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import { draftOf, numberOf, openTestLog, readAll } from "../../support/test-log.ts";

const session = "00112233445566778899aabbccddeeff";
const tablePath = "/qos2/table";

/** A machine that can lose its power: a disk, a log and a table that are found again. */
class Machine {
  disk: SimDisk;
  #run = 0;
  readonly clock = new ManualClock();
  #log: SegmentLog | undefined;
  #table: Deliveries | undefined;

  constructor(disk = new SimDisk({ random: createSeededRandom("disk") })) {
    this.disk = disk;
  }

  get log(): SegmentLog {
    if (!this.#log) throw new Error("the machine is off");
    return this.#log;
  }

  get table(): Deliveries {
    if (!this.#table) throw new Error("the machine is off");
    return this.#table;
  }

  async start(): Promise<void> {
    this.#run += 1;
    this.#log = await openTestLog(this, `run${this.#run}`, { max_bytes: 2 ** 24 });
    this.#table = await openDeliveries({
      folder: "/qos2",
      disk: this.disk,
      log: this.log,
      clock: this.clock,
      logger: silentLogger,
    });
  }

  async stop(): Promise<void> {
    await this.table.close();
    await this.log.close();
  }

  crash(): void {
    this.disk = this.disk.crash();
  }

  /** What a broker does with a PUBLISH; resolves when it may be answered. True for a resend. */
  async publish(
    packetId: number,
    hash: number,
    draft: RecordDraft,
    of = session,
  ): Promise<boolean> {
    const messages = this.table.session(of, true);
    const known = messages.find(packetId, hash);
    if (known) {
      await new Promise<void>((resolve) => known.whenStored(resolve));
      return true;
    }
    const open = messages.begin(packetId, hash);
    if (!open) throw new Error("too many open");
    await new Promise<void>((resolve) => {
      this.log.append({ ...draft, delivery: open }, (failure) => {
        if (failure) return;
        open.settle();
        open.answer();
        resolve();
      });
    });
    return false;
  }

  async release(packetId: number, of = session): Promise<void> {
    await this.table.session(of, true).release(packetId)?.();
  }

  isOpen(packetId: number, hash: number, of = session): boolean {
    return this.table.session(of, true).find(packetId, hash) !== undefined;
  }
}

async function started(): Promise<Machine> {
  const machine = new Machine();
  await machine.start();
  return machine;
}

describe("an open message", () => {
  test("is known after a crash, by its record alone", async () => {
    const machine = await started();
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
    const machine = await started();
    await machine.publish(1, 11, draftOf(1));
    await machine.stop();
    for (const path of machine.disk.paths) if (path !== tablePath) machine.disk.lose(path);
    await machine.start();
    expect(machine.isOpen(1, 11)).toBe(true);
  });

  test("is over after its release, over crashes too, and its number is free for the same again", async () => {
    const machine = await started();
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
    const machine = await started();
    await machine.publish(1, 11, draftOf(1));
    expect(await machine.publish(1, 12, draftOf(2))).toBe(false);
    machine.crash();
    await machine.start();
    expect([machine.isOpen(1, 11), machine.isOpen(1, 12)]).toEqual([false, true]);
  });

  test("whose record the crash took is new when it comes again", async () => {
    const machine = await started();
    machine.disk.dieAfter(0);
    void machine.publish(1, 11, draftOf(1));
    await settle();
    machine.crash();
    await machine.start();
    expect(machine.isOpen(1, 11)).toBe(false);
  });

  test("is not ended by a release that was meant for the one before it", async () => {
    const machine = await started();
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
    const machine = await started();
    const other = "ff".repeat(16);
    await machine.publish(1, 11, draftOf(1));
    await machine.publish(1, 11, draftOf(2), other);
    await machine.table.clear(session);
    machine.crash();
    await machine.start();
    expect([machine.isOpen(1, 11), machine.isOpen(1, 11, other)]).toEqual([false, true]);
  });

  test("of a session that is not kept is gone with the connection", async () => {
    const { table } = await started();
    const messages = table.session(session, false);
    const open = messages.begin(1, 11);
    expect(messages.find(1, 11)).toBe(open);
    expect(open?.kept).toBe(false);
    expect(table.session(session, false).find(1, 11)).toBeUndefined();
    messages.end();
    expect(messages.find(1, 11)).toBeUndefined();
  });

  test("is one too many beyond 10,000 of a session", async () => {
    const { table } = await started();
    for (const kept of [true, false]) {
      const messages = table.session(session, kept);
      for (let packetId = 1; packetId <= 10_000; packetId += 1) messages.begin(packetId, 1);
      expect(messages.begin(10_001, 1)).toBeUndefined();
      expect(messages.begin(1, 2)).toBeDefined();
    }
  });

  test("is one too many beyond 100,000 of all sessions that are not kept", async () => {
    const { table } = await started();
    const sessions = Array.from({ length: 11 }, (_, n) => table.session(`s${n}`, false));
    for (const messages of sessions.slice(0, 10))
      for (let packetId = 1; packetId <= 10_000; packetId += 1) messages.begin(packetId, 1);
    expect(sessions[10]?.begin(1, 1)).toBeUndefined();
    sessions[0]?.end();
    expect(sessions[10]?.begin(1, 1)).toBeDefined();
  });

  test("of the session that used QoS 2 longest ago makes room for others beyond 100,000", async () => {
    const { table } = await started();
    const name = (n: number): string => n.toString(16).padStart(32, "0");
    for (let n = 0; n < 11; n += 1) {
      const messages = table.session(name(n), true);
      for (let packetId = 1; packetId <= 10_000; packetId += 1)
        messages.begin(packetId, 1)?.settle();
    }
    expect(table.session(name(0), true).find(1, 1)).toBeUndefined();
    expect(table.session(name(1), true).find(1, 1)).toBeDefined();
    expect(table.session(name(10), true).find(10_000, 1)).toBeDefined();
  });
});

describe("the file", () => {
  test("is told of a release before anybody else, and a failing disk only delays it", async () => {
    const machine = await started();
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
    const machine = await started();
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
    const machine = await started();
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
    const machine = await started();
    await machine.stop();
    machine.disk.damage(tablePath, () => formatEntries([{ kind: "covered", seq: 7, version: 2 }]));
    const before = Buffer.from(machine.disk.contentOf(tablePath));
    await expect(machine.start()).rejects.toMatchObject({ code: "buffer.version" });
    expect(machine.disk.contentOf(tablePath)).toEqual(before);
  });

  test("is written anew when the log has gone on, so that a start reads little", async () => {
    const machine = await started();
    await machine.publish(1, 11, draftOf(1));
    for (let n = 0; n < 50_000; n += 1) machine.log.append(draftOf(n, undefined, 1));
    await new Promise<void>((resolve) => machine.log.append(draftOf(1), () => resolve()));
    await vi.waitFor(() => {
      const [first, second] = parseEntries(machine.disk.contentOf(tablePath)).entries;
      expect(first?.kind === "covered" && first.seq).toBeGreaterThanOrEqual(50_000);
      expect(second).toMatchObject({ kind: "open", delivery: { packetId: 1, hash: 11 } });
    });
  });

  test("takes 60,000 releases without growing", async () => {
    const machine = await started();
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

const sessions = [session, "ee".repeat(16)];

type Step =
  | {
      readonly kind: "publish";
      readonly of: number;
      readonly packetId: number;
      readonly hash: number;
    }
  | { readonly kind: "release"; readonly of: number }
  | { readonly kind: "wait" | "restart" | "clear" | "fail" }
  | { readonly kind: "crash"; readonly calls: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("publish" as const),
      of: fc.nat(1),
      packetId: fc.integer({ min: 1, max: 2 }),
      hash: fc.constantFrom(1, 1, 1, 2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("release" as const), of: fc.nat(1) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("restart", "clear", "fail") }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("crash" as const), calls: fc.nat(25) }),
  },
);

/** What a client remembers of one number. */
interface Exchange {
  readonly of: string;
  readonly packetId: number;
  readonly hash: number;
  readonly n: number;
  phase: "publishing" | "received" | "releasing";
}

/** Two clients that do as the standard says, on a machine that crashes at any call to its disk. */
class Clients {
  readonly #machine: Machine;
  readonly #exchanges = new Map<string, Exchange>();
  #epoch = 0;
  #n = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get sent(): number {
    return this.#n;
  }

  async take(action: Step): Promise<void> {
    switch (action.kind) {
      case "publish":
      case "release":
        return this.#exchange(action);
      case "wait":
        return settle();
      case "fail":
        return this.#failOnce();
      case "restart":
        await settle();
        await this.#machine.stop();
        return this.#restart();
      case "clear":
        await this.drain();
        return void (await Promise.all([
          this.#machine.table.clear(session),
          this.#machine.clock.advance(2_000),
        ]));
      case "crash":
        this.#machine.disk.dieAfter(action.calls);
        await settle();
        this.#machine.crash();
        return this.#restart();
    }
  }

  /** Every exchange is brought to its end. */
  async drain(): Promise<void> {
    while (this.#exchanges.size > 0) {
      await settle();
      for (const exchange of this.#exchanges.values())
        if (exchange.phase === "received") void this.#release(exchange);
      await this.#machine.clock.advance(2_000);
    }
  }

  #exchange(action: Extract<Step, { kind: "publish" | "release" }>): void {
    const of = sessions[action.of] ?? session;
    if (action.kind === "release") {
      for (const exchange of this.#exchanges.values())
        if (exchange.of === of && exchange.phase === "received") void this.#release(exchange);
      return;
    }
    const { hash, packetId } = action;
    if (this.#exchanges.has(`${of} ${packetId}`)) return;
    this.#n += 1;
    const exchange: Exchange = { of, packetId, hash, n: this.#n, phase: "publishing" };
    this.#exchanges.set(`${of} ${packetId}`, exchange);
    void this.#publish(exchange);
  }

  /** The table has to begin a new file, in the midst of everything. */
  #failOnce(): void {
    const { disk } = this.#machine;
    disk.fault = (call, path) => {
      if (call !== "sync" || path !== "/qos2/table.new") return undefined;
      disk.heal();
      return "EIO";
    };
  }

  async #publish(exchange: Exchange): Promise<void> {
    const epoch = this.#epoch;
    const { hash, n, of, packetId } = exchange;
    await this.#machine.publish(packetId, hash, draftOf(n), of);
    if (epoch === this.#epoch) exchange.phase = "received";
  }

  async #release(exchange: Exchange): Promise<void> {
    const epoch = this.#epoch;
    exchange.phase = "releasing";
    await this.#machine.release(exchange.packetId, exchange.of);
    if (epoch === this.#epoch) this.#exchanges.delete(`${exchange.of} ${exchange.packetId}`);
  }

  async #restart(): Promise<void> {
    this.#epoch += 1;
    await this.#machine.start();
    for (const exchange of this.#exchanges.values()) {
      if (exchange.phase === "publishing") void this.#publish(exchange);
      if (exchange.phase === "releasing") void this.#release(exchange);
    }
  }
}

test("over crashes at any moment each message is stored once, whatever numbers and contents repeat", async () => {
  const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
  console.info(`seed ${seed}`);
  const disks = fc.integer({ min: 0, max: 2 ** 31 });
  await fc.assert(
    fc.asyncProperty(
      disks,
      fc.array(step, { minLength: 10, maxLength: 80, size: "max" }),
      async (disk, steps) => {
        const machine = new Machine(new SimDisk({ random: createSeededRandom(String(disk)) }));
        await machine.start();
        const clients = new Clients(machine);
        for (const one of steps) await clients.take(one);
        await clients.drain();
        const stored = (await readAll(machine.log)).filter(({ kind }) => kind === "measurement");
        const numbers = stored.map(numberOf).sort((a, b) => a - b);
        expect(numbers).toEqual(Array.from({ length: clients.sent }, (_, at) => at + 1));
      },
    ),
    { seed, numRuns: 400 },
  );
}, 60_000);

/** Lets everything happen that needs no time to pass. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
