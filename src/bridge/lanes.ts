/** Letters that wait, in the order of their lanes. */
import type { Letter } from "./letter.ts";
import type { CountedParcel } from "./parcel-queue.ts";

interface LaneEntry {
  readonly letter: Letter;
  readonly parcel: CountedParcel;
}

/** The letters of one lane; the first of them is on its way, or the next to go. */
export interface Lane {
  readonly name: string;
  readonly first: LaneEntry;
  /** Of the first letter, in a row. */
  failures: number;
}

class WaitingLane implements Lane {
  readonly name: string;
  readonly entries: LaneEntry[] = [];
  first: LaneEntry;
  failures = 0;

  constructor(name: string, first: LaneEntry) {
    this.name = name;
    this.first = first;
  }
}

export class Lanes {
  readonly #lanes = new Map<string, WaitingLane>();
  readonly #ready = new Set<WaitingLane>();

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  add(letter: Letter, parcel: CountedParcel): void {
    const entry = { letter, parcel };
    const lane = this.#lanes.get(letter.lane);
    if (lane) {
      lane.entries.push(entry);
      return;
    }
    const opened = new WaitingLane(letter.lane, entry);
    this.#lanes.set(letter.lane, opened);
    this.#ready.add(opened);
  }

  /** The lane that is ready for longest; it is not, until it is given back. */
  takeReady(): Lane | undefined {
    for (const lane of this.#ready) {
      this.#ready.delete(lane);
      return lane;
    }
    return undefined;
  }

  /** Its first letter is to be tried again, behind all others that are ready. */
  ready({ name }: Lane): void {
    const lane = this.#lanes.get(name);
    if (lane) this.#ready.add(lane);
  }

  /** Its first letter is done with. */
  next({ name }: Lane): void {
    const lane = this.#lanes.get(name);
    if (!lane) return;
    lane.first.parcel.done();
    lane.failures = 0;
    const entry = lane.entries.shift();
    if (entry) {
      lane.first = entry;
      this.#ready.add(lane);
    } else this.#lanes.delete(name);
  }
}
