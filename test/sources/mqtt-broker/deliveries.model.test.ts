import fc from "fast-check";
import { expect, test } from "vitest";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { DeliveryMachine, session, settle } from "../../support/delivery-machine.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import { draftOf, numberOf, readAll } from "../../support/test-log.ts";

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

/** The numbers of the events of message `n`: of one to three. */
function eventsOf(n: number): number[] {
  return Array.from({ length: 1 + ((n * 7) % 3) }, (_, at) => n * 10 + at);
}

/** Two clients that do as the standard says, on a machine that crashes at any call to its disk. */
class Clients {
  readonly #machine: DeliveryMachine;
  readonly #exchanges = new Map<string, Exchange>();
  #epoch = 0;
  #n = 0;

  constructor(machine: DeliveryMachine) {
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
    const events = eventsOf(n).map((number) => draftOf(number));
    await this.#machine.publish(packetId, hash, events, of);
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

test("over crashes at any moment each event of each message is stored once, whatever numbers and contents repeat", async () => {
  const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
  console.info(`seed ${seed}`);
  const disks = fc.integer({ min: 0, max: 2 ** 31 });
  await fc.assert(
    fc.asyncProperty(
      disks,
      fc.array(step, { minLength: 10, maxLength: 80, size: "max" }),
      async (disk, steps) => {
        const machine = new DeliveryMachine(
          new SimDisk({ random: createSeededRandom(String(disk)) }),
        );
        await machine.start();
        const clients = new Clients(machine);
        for (const one of steps) await clients.take(one);
        await clients.drain();
        const stored = (await readAll(machine.log)).filter(({ kind }) => kind === "measurement");
        const numbers = stored.map(numberOf).sort((a, b) => a - b);
        const sent = Array.from({ length: clients.sent }, (_, at) => eventsOf(at + 1));
        expect(numbers).toEqual(sent.flat());
      },
    ),
    { seed, numRuns: 250 },
  );
});
