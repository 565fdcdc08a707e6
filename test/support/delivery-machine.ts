import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { RecordDraft } from "../../src/core/record-draft.ts";
import { untilDurable } from "../../src/core/until-durable.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { type Deliveries, openDeliveries } from "../../src/sources/mqtt-broker/deliveries.ts";
import type { OpenDelivery } from "../../src/sources/mqtt-broker/open-delivery.ts";
import { ManualClock } from "./manual-clock.ts";
import { silentLogger } from "./silence.ts";
import { SimDisk } from "./sim-disk.ts";
import { openTestLog } from "./test-log.ts";

/** The session that is meant where none is named. */
export const session = "00112233445566778899aabbccddeeff";
export const tablePath = "/qos2/table";

/** A machine that can lose its power: a disk, a log and a table that are found again. */
export class DeliveryMachine {
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

  /**
   * What a broker does with a PUBLISH, and ingest with its events; resolves when it may be answered.
   * True for a resend.
   */
  async publish(
    packetId: number,
    hash: number,
    events: RecordDraft | readonly RecordDraft[],
    of = session,
  ): Promise<boolean> {
    const messages = this.table.session(of, true);
    const known = messages.find(packetId, hash);
    if (known) {
      await this.#stored(known);
      return true;
    }
    const open = messages.begin(packetId, hash);
    if (!open) throw new Error("too many open");
    const { session: name } = open;
    const drafts = [events].flat();
    for (const [at, draft] of drafts.entries()) {
      const part = { following: drafts.length - 1 - at, isFirst: at === 0 };
      if (open.torn?.parts.has(part.following)) continue;
      const delivery = { session: name, packetId, hash, ...(drafts.length > 1 && { part }) };
      open.receipt = this.log.append({ ...draft, delivery });
    }
    open.receipt ??= this.log.lastSeq;
    await this.#stored(open);
    open.answer();
    return false;
  }

  async #stored({ receipt }: OpenDelivery): Promise<void> {
    if (typeof receipt !== "number") throw new Error("it has no record of its own");
    await untilDurable(this.log, receipt);
  }

  async release(packetId: number, of = session): Promise<void> {
    await this.table.session(of, true).release(packetId)?.();
  }

  isOpen(packetId: number, hash: number, of = session): boolean {
    return this.table.session(of, true).find(packetId, hash) !== undefined;
  }
}

/** A machine that is on. */
export async function startedMachine(): Promise<DeliveryMachine> {
  const machine = new DeliveryMachine();
  await machine.start();
  return machine;
}

/** Lets everything happen that needs no time to pass. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
