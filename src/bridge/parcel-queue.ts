/** Parcels whose letters are on their way; each stream's are called carried in their order. */
import type { Parcel } from "./letter.ts";

/** A parcel that knows how many of its letters are not done with. */
export interface CountedParcel {
  /** One more of its letters is. */
  done(): void;
}

interface Open {
  readonly parcel: Parcel;
  left: number;
}

export class ParcelQueue {
  readonly #open = new Map<string, Open[]>();

  add(parcel: Parcel): CountedParcel {
    const open: Open = { parcel, left: parcel.letters.length };
    const others = this.#open.get(parcel.stream);
    if (others) others.push(open);
    else this.#open.set(parcel.stream, [open]);
    if (open.left === 0) this.#close(parcel.stream);
    return {
      done: () => {
        open.left -= 1;
        if (open.left === 0) this.#close(parcel.stream);
      },
    };
  }

  /** Of those that are through in a row only the last one has something to say. */
  #close(stream: string): void {
    const open = this.#open.get(stream) ?? [];
    const through = open.findIndex(({ left }) => left > 0);
    const closed = open.splice(0, through < 0 ? open.length : through);
    if (open.length === 0) this.#open.delete(stream);
    closed.at(-1)?.parcel.whenCarried();
  }
}
