/** As they lie in the bucket; a checkpoint of thousands of devices has a few MiB. */
const mostPackedBytes = 256 * 1024 * 1024;
/** As JSON, all together, and one of them. */
const mostTextBytes = 512 * 1024 * 1024;
const mostOneTextBytes = 128 * 1024 * 1024;

/** A document, or a list in it, is larger than any that was ever written as one. */
export class TooLarge extends Error {
  constructor(key: string) {
    super(`what stands under ${key} is larger than any document: somebody else wrote it`);
  }
}

/**
 * What one document may take while it is read, all its parts together: whoever may write into a bucket
 * may write anything, and little that is packed may become very much.
 */
export class Allowance {
  readonly #key: string;
  #packedBytes = mostPackedBytes;
  #textBytes = mostTextBytes;

  /** `key`: of the document, for who has to look. */
  constructor(key: string) {
    this.#key = key;
  }

  /** Bytes that the next text may have. */
  get textBytes(): number {
    return Math.min(this.#textBytes, mostOneTextBytes);
  }

  /** Throws `TooLarge` where that was too much. */
  takePacked(bytes: number): void {
    this.#packedBytes -= bytes;
    if (this.#packedBytes < 0) this.refuse();
  }

  takeText(bytes: number): void {
    this.#textBytes -= bytes;
    if (this.#textBytes <= 0) this.refuse();
  }

  refuse(): never {
    throw new TooLarge(this.#key);
  }
}
