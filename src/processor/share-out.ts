/**
 * Who of several processors works in which partition: rendezvous hashing. Each has a draw for each
 * partition, and the highest wins; so when one comes or goes, only what it wins moves.
 */
import type { EpochMs } from "../core/clock.ts";
import { fnv1a32 } from "../core/fnv1a.ts";
import type { RollEntry } from "./roll-entry.ts";

/** Who else has a partition, for people. */
export interface HeldElsewhere {
  readonly partition: number;
  readonly processor: string;
  readonly sinceMs: EpochMs;
}

/** The processors that are there, this one among them. */
export class Company {
  readonly #ownId: string;
  readonly #others: readonly RollEntry[];
  readonly #candidates: readonly string[];

  constructor(own: RollEntry, others: readonly RollEntry[]) {
    const all = [own, ...others];
    const settled = all.filter(({ isSettled }) => isSettled);
    this.#ownId = own.id;
    this.#others = others;
    this.#candidates = (settled.length > 0 ? settled : all).map(({ id }) => id);
  }

  /** True when the partition is for this processor to work in. */
  isOwn(partition: number): boolean {
    let [winner, highest] = ["", -1];
    for (const id of this.#candidates) {
      const draw = fnv1a32(`${partition} ${id}`);
      if (draw > highest || (draw === highest && id > winner)) [winner, highest] = [id, draw];
    }
    return winner === this.#ownId;
  }

  /** True while another one says that it works there. */
  isHeldElsewhere(partition: number): boolean {
    return this.#others.some(({ holds }) => holds[partition] !== undefined);
  }

  /** What the others have, by partition. */
  get elsewhere(): readonly HeldElsewhere[] {
    return this.#others
      .flatMap(({ holds, id, name }) =>
        Object.entries(holds).map(([partition, sinceMs]) => ({
          partition: Number(partition),
          processor: `${name} ${id}`,
          sinceMs,
        })),
      )
      .sort((one, other) => one.partition - other.partition);
  }
}
