/** Processors and notifiers that share a hub, of which one after the other falls or stands still. */
import * as z from "zod";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Random } from "../../src/core/retry.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Hub, HubProgram } from "./hub.ts";
import type { ManyPlays } from "./many-plays.ts";

const processorStatus = z.looseObject({
  processor: z.looseObject({
    partitions: z.array(
      z.looseObject({
        held: z.boolean(),
        gateways: z.array(z.looseObject({ stream: z.string(), readUpTo: z.number().optional() })),
      }),
    ),
  }),
});
const notifierStatus = z.looseObject({
  notifier: z.looseObject({ receivers: z.array(z.looseObject({ standby: z.boolean() })) }),
});

/** Nobody should wait for longer; a machine with much else to do may. */
const patienceMs = 240_000;

export class HubCrew {
  readonly #processors: readonly HubProgram[];
  readonly #notifiers: readonly HubProgram[];
  readonly #plays: ManyPlays;
  readonly #random: Random;

  private constructor(
    processors: readonly HubProgram[],
    notifiers: readonly HubProgram[],
    plays: ManyPlays,
    random: Random,
  ) {
    this.#processors = processors;
    this.#notifiers = notifiers;
    this.#plays = plays;
    this.#random = random;
  }

  /** Three processors and two notifiers, started. */
  static async start(hub: Hub, plays: ManyPlays, random: Random): Promise<HubCrew> {
    const processors = await Promise.all(
      ["p1", "p2", "p3"].map((n) => hub.program(n, "processor")),
    );
    const notifiers = await Promise.all(["n1", "n2"].map((name) => hub.program(name, "notifier")));
    for (const program of [...processors, ...notifiers]) program.start();
    return new HubCrew(processors, notifiers, plays, random);
  }

  /** Each of the processors has something to do. */
  async sharesOut(): Promise<void> {
    const busy = async (): Promise<boolean> =>
      (await Promise.all(this.#processors.map(readPositions))).every(({ size }) => size > 0);
    await waitUntil(busy, "each processor has a share", patienceMs);
  }

  /** A processor that works and the notifier that tells are killed; gives how long nobody served some stream. */
  async kill(): Promise<number> {
    const [processor, notifier] = await this.#victims();
    await Promise.all([processor.kill(), notifier.kill()]);
    const startsAtOnce = this.#random() < 0.5;
    if (startsAtOnce) processor.start();
    notifier.start();
    const servedMs = await this.#served(startsAtOnce ? undefined : processor);
    if (!startsAtOnce) processor.start();
    return servedMs;
  }

  /** The same with two that stand still until the others have their work, and then go on. */
  async pause(): Promise<number> {
    const [processor, notifier] = await this.#victims();
    for (const one of [processor, notifier]) one.pause();
    try {
      const servedMs = await this.#served(processor);
      const others = this.#notifiers.filter((one) => one !== notifier);
      const isTold = async (): Promise<boolean> =>
        (await Promise.all(others.map(tells))).some(Boolean);
      await waitUntil(isTold, "the other notifier tells", patienceMs);
      return servedMs;
    } finally {
      for (const one of [processor, notifier]) one.resume();
    }
  }

  async #victims(): Promise<readonly [HubProgram, HubProgram]> {
    const find = (all: readonly HubProgram[], works: (one: HubProgram) => Promise<boolean>) =>
      waitUntil(
        async () => {
          const working = await Promise.all(all.map(works));
          const candidates = all.filter((_, index) => working[index]);
          return candidates[Math.floor(this.#random() * candidates.length)];
        },
        "somebody works",
        patienceMs,
      );
    const hasShare = async (one: HubProgram) => (await readPositions(one)).size > 0;
    return [await find(this.#processors, hasShare), await find(this.#notifiers, tells)];
  }

  /** Waits until something of every stream was read that was written from now on. */
  async #served(fallen: HubProgram | undefined): Promise<number> {
    const beganMs = systemClock.monotonicMs();
    const before = this.#plays.sent();
    const others = this.#processors.filter((one) => one !== fallen);
    const isServed = async (): Promise<boolean> => {
      await sleep(systemClock, 100);
      const positions = await Promise.all(others.map(readPositions));
      return [...before].every(([stream, sent]) =>
        positions.some((one) => (one.get(stream) ?? 0) > sent),
      );
    };
    await waitUntil(isServed, "every stream is served", patienceMs);
    return systemClock.monotonicMs() - beganMs;
  }
}

/** How far a processor has read the streams that it holds. */
async function readPositions(program: HubProgram): Promise<ReadonlyMap<string, number>> {
  const status = processorStatus.safeParse(await program.status());
  const held = status.data?.processor.partitions.filter((partition) => partition.held) ?? [];
  return new Map(
    held.flatMap(({ gateways }) =>
      gateways.map(({ readUpTo = 0, stream }) => [stream, readUpTo] as const),
    ),
  );
}

async function tells(program: HubProgram): Promise<boolean> {
  const status = notifierStatus.safeParse(await program.status());
  return status.data?.notifier.receivers.some(({ standby }) => !standby) ?? false;
}
