/**
 * A disk whose power fails: what was flushed is there; of the writes since then any part may be,
 * and data is torn at sectors.
 */
import type { RecordedStep } from "./block-recording.ts";

const sectorBytes = 512;
const tornShare = 0.4;

export class CrashedDisk {
  readonly #stable: Buffer;
  #pending: RecordedStep[] = [];

  /** Begins with the content of a disk before the recording; it is changed in place. */
  constructor(content: Buffer) {
    this.#stable = content;
  }

  /** Goes on by one step. */
  take(step: RecordedStep): void {
    if (step.flush) {
      for (const write of this.#pending) this.#apply(write, this.#stable);
      this.#pending = [];
    }
    if (step.data.length > 0) this.#pending.push(step);
  }

  /** What the medium may hold if the power fails now. */
  crash(random: () => number): Buffer {
    const image = Buffer.from(this.#stable);
    // Everything, nothing, or any part: the first two are the most usual and easily missed by chance.
    const luck = random();
    const share = luck < 0.2 ? 1 : luck < 0.3 ? 0 : random();
    for (const write of this.#pending) {
      if (write.fua) this.#apply(write, image);
      else if (random() < share) {
        const torn = share < 1 && !write.metadata && random() < tornShare;
        if (torn) tear(write, image, random);
        else this.#apply(write, image);
      }
    }
    return image;
  }

  #apply({ data, offset }: RecordedStep, image: Buffer): void {
    data.copy(image, offset);
  }
}

/** Some sectors of a write arrived, in no order. */
function tear({ data, offset }: RecordedStep, image: Buffer, random: () => number): void {
  for (let at = 0; at < data.length; at += sectorBytes) {
    if (random() < 0.5) data.copy(image, offset + at, at, at + sectorBytes);
  }
}
