/** Room for the first pieces, so that a client that sends single bytes costs few copies. */
const firstBytes = 64;

/**
 * The beginning of a packet, in one piece of memory. Pieces are copied together, since each would
 * keep the buffer alive that it was read into; the room doubles, so a byte is copied twice at most.
 */
export class HalfPacket {
  readonly #neededBytes: number;
  #bytes: Buffer;
  #length: number;

  /** `neededBytes`: how many are needed to look at the packet again; more than `start` has. */
  constructor(start: Buffer, neededBytes: number) {
    this.#neededBytes = neededBytes;
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(neededBytes, Math.max(firstBytes, start.length)));
    this.#length = start.copy(this.#bytes);
  }

  /** What it costs in memory. */
  get costBytes(): number {
    return this.#bytes.length;
  }

  /** Takes what is missing, or all there is of it; gives how many bytes were taken. */
  fill(piece: Buffer): number {
    const taken = Math.min(piece.length, this.#neededBytes - this.#length);
    const length = this.#length + taken;
    if (length > this.#bytes.length) {
      const room = Math.min(this.#neededBytes, Math.max(length, this.#bytes.length * 2));
      const larger = Buffer.allocUnsafeSlow(room);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length, 0, taken);
    this.#length = length;
    return taken;
  }

  /** All of it, once nothing is missing any more. */
  get whole(): Buffer | undefined {
    if (this.#length < this.#neededBytes) return undefined;
    return this.#bytes.subarray(0, this.#length);
  }
}
