/** A node whose messages get lost or come twice, while its births move all aliases around. */
import { expect, it } from "vitest";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { SentMetric } from "../../src/simulate/sparkplug/encode-payload.ts";
import { givenHost, type Said, t0 } from "./given-host.ts";

/** The number of a metric is that of its thousand, so a value tells whose it is. */
const metrics = 12;

function drawn(number: number, random: () => number): number {
  return number * 1_000 + Math.floor(random() * 1_000);
}

class Plant {
  readonly #random: () => number;
  readonly #send: (said: Said) => void;
  /** By node or device, the metrics behind its aliases. */
  #aliases = new Map<string, Map<number, number>>();
  #seq = 0;
  #births = 0;
  #timeMs = t0;

  constructor(random: () => number, send: (said: Said) => void) {
    this.#random = random;
    this.#send = send;
  }

  bear(): void {
    this.#births += 1;
    this.#seq = 0;
    this.#aliases = new Map();
    const left = Array.from({ length: metrics }, (_, number) => number);
    for (const device of ["", "/x", "/y"]) {
      const aliases = new Map<number, number>();
      const count = 1 + Math.floor(this.#random() * 4);
      for (let n = 0; n < count; n += 1) {
        const [number = 0] = left.splice(Math.floor(this.#random() * left.length), 1);
        aliases.set(metrics - left.length, number);
      }
      this.#aliases.set(device, aliases);
      const count64: SentMetric = { name: "bdSeq", type: "Int64", value: this.#births % 256 };
      const all = [...aliases].map(([alias, number]) => ({ ...this.#metric(number), alias }));
      this.#say(device === "" ? "NBIRTH" : `DBIRTH${device}`, [
        ...(device === "" ? [count64] : []),
        ...all,
      ]);
    }
  }

  measure(): void {
    const [device, aliases] = [...this.#aliases][Math.floor(this.#random() * 3)] ?? ["", []];
    const told = [...aliases]
      .filter(() => this.#random() < 0.6)
      .map(([alias, number]): SentMetric => {
        const { type, value } = this.#metric(number);
        return { alias, type, value };
      });
    this.#say(device === "" ? "NDATA" : `DDATA${device}`, told);
  }

  #metric(number: number) {
    return { name: `m${number}`, type: "Int32", value: drawn(number, this.#random) } as const;
  }

  #say(to: string, said: readonly SentMetric[]): void {
    this.#timeMs += 10;
    const timeMs = this.#timeMs;
    this.#send({ to, seq: this.#seq % 256, metrics: said, timeMs, receivedMs: timeMs });
    this.#seq += 1;
  }
}

it("has no value under the name of another metric, whatever is lost and whatever comes twice", () => {
  const random = createSeededRandom("losses");
  let stored = 0;
  const wrong: unknown[] = [];
  for (let round = 0; round < 100; round += 1) {
    const { asked, say } = givenHost();
    const plant = new Plant(random, (said) => {
      const times = random() < 0.05 ? 0 : random() < 0.05 ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        const became = say(said);
        for (const event of typeof became === "string" ? [] : became)
          for (const [name, value] of Object.entries(event as object)) {
            const number = /^m(\d+)$/.exec(name)?.[1];
            if (number === undefined) continue;
            stored += 1;
            if (Math.floor(value / 1_000) !== Number(number)) wrong.push({ round, said, event });
          }
      }
    });
    plant.bear();
    for (let step = 0; step < 60; step += 1)
      if (random() < 0.08 || asked.splice(0).length > 0) plant.bear();
      else plant.measure();
  }
  expect(wrong).toEqual([]);
  expect(stored).toBeGreaterThan(5_000);
});
