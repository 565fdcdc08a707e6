/**
 * Who of several processes of a role works in which share: rendezvous hashing. Each has a draw for each
 * share, and the highest wins; so when one comes or goes, only what it wins moves.
 */
import type { EpochMs } from "../core/clock.ts";
import { fnv1a32 } from "../core/fnv1a.ts";
import type { RollEntry } from "./roll-entry.ts";

/** Who else has a share, for people. */
export interface HeldElsewhere {
  readonly share: string;
  readonly holder: string;
  readonly sinceMs: EpochMs;
}

/** The processes of a role that are there, this one among them. */
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

  /** True when the share is for this process to work in. */
  isOwn(share: string): boolean {
    let [winner, highest] = ["", -1];
    for (const id of this.#candidates) {
      const draw = fnv1a32(`${share} ${id}`);
      if (draw > highest || (draw === highest && id > winner)) [winner, highest] = [id, draw];
    }
    return winner === this.#ownId;
  }

  /** True while another one says that it works there. */
  isHeldElsewhere(share: string): boolean {
    return this.#others.some(({ holds }) => holds[share] !== undefined);
  }

  /** What the others have. */
  get elsewhere(): readonly HeldElsewhere[] {
    return this.#others.flatMap(({ holds, id, name }) =>
      Object.entries(holds).map(([share, sinceMs]) => ({
        share,
        holder: `${name} ${id}`,
        sinceMs,
      })),
    );
  }
}
