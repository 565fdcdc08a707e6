/**
 * Names of what is gone, each with the latest start of an episode of its alerts. What comes back
 * under a name may send readings of long ago; its episodes begin later all the same, since what is
 * stored stands in the order of their starts, and one that began earlier would never be told.
 */
import { never } from "../alarms/alarm.ts";

/** Beyond this those that went first lose their names; what is known of them counts for all. */
const most = 1_000;

/** Plain JSON. `others` is the latest start of all that lost their names. */
export interface DepartedState<Name> {
  readonly names: readonly (readonly [name: Name, startedMs: number])[];
  readonly others?: number;
}

export class DepartedNames<Name> {
  readonly #started: Map<Name, number>;
  #othersMs: number;

  constructor(state: DepartedState<Name> | undefined) {
    this.#started = new Map(state?.names);
    this.#othersMs = state?.others ?? never;
  }

  /** The latest start of all that went. */
  get latestMs(): number {
    return Math.max(this.#othersMs, ...this.#started.values());
  }

  /** `startedMs` is `never` for one without an episode: of that nothing has to be known. */
  leave(name: Name, startedMs: number): void {
    if (startedMs === never) return;
    this.#started.delete(name);
    this.#started.set(name, startedMs);
    for (const [oldest, oldestMs] of this.#started) {
      if (this.#started.size <= most) break;
      this.#started.delete(oldest);
      this.#othersMs = Math.max(this.#othersMs, oldestMs);
    }
  }

  /** Forgets the name; gives what its episodes must begin after, `never` for nothing. */
  comeBack(name: Name): number {
    const startedMs = this.#started.get(name) ?? this.#othersMs;
    this.#started.delete(name);
    return startedMs;
  }

  toState(): DepartedState<Name> | undefined {
    if (this.#started.size === 0 && this.#othersMs === never) return undefined;
    return {
      names: [...this.#started],
      ...(this.#othersMs !== never && { others: this.#othersMs }),
    };
  }
}
