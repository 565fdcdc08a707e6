/** Somebody whose bytes are kept. */
export interface UnfinishedOwner {
  /** Its bytes are one too many for the bound of all: it has to go. */
  evict(maxBytes: number): void;
}

/**
 * The bound over what all clients have sent that nobody can act on yet: halves of packets, and what
 * stands behind a CONNECT that was not answered. When it is reached, those who began longest ago
 * go: an honest packet is whole after a moment, and one that is drawn out for ever makes room.
 */
export class Unfinished {
  readonly #maxBytes: number;
  /** Oldest first. */
  readonly #owners = new Map<UnfinishedOwner, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** So many bytes are kept for the owner now; 0 when it has finished. */
  keep(owner: UnfinishedOwner, bytes: number): void {
    const before = this.#owners.get(owner) ?? 0;
    if (bytes === before) return;
    this.#bytes += bytes - before;
    if (bytes === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, bytes);
    while (this.#bytes > this.#maxBytes) {
      const [oldest] = this.#owners;
      if (oldest === undefined) return;
      this.keep(oldest[0], 0);
      oldest[0].evict(this.#maxBytes);
    }
  }
}
