import type { Logger } from "../../core/logger.ts";
import { fittingChecksums } from "./fitting-checksums.ts";
import type { ChecksumOptions } from "./framing-options.ts";

/** So many damaged frames and no whole one since the opening, and it is told. */
const mostDamaged = 10;
/** Or bytes, in the most that a frame may have. */
const mostFrames = 4;

export interface NoFrameDeps {
  readonly source: string;
  readonly logger: Logger;
  readonly maxBytes: number;
  readonly checksum: ChecksumOptions | undefined;
}

/** Tells once for each opening that bytes come and make no frame: it is set otherwise than its device. */
export class NoFrameWatch {
  readonly #deps: NoFrameDeps;
  #damaged: Uint8Array[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(deps: NoFrameDeps) {
    this.#deps = deps;
  }

  opened(): void {
    this.#damaged = [];
    this.#bytes = 0;
    this.#isOver = false;
  }

  /** What is damaged, or undefined for a whole frame. */
  found(damaged: Uint8Array | undefined): void {
    if (damaged === undefined) this.#end();
    else if (!this.#isOver && this.#damaged.length < mostDamaged)
      this.#damaged.push(Uint8Array.from(damaged));
  }

  /** So many bytes came, and what they made was told by `found`. */
  came(bytes: number): void {
    if (this.#isOver) return;
    this.#bytes += bytes;
    const { checksum, logger, maxBytes, source } = this.#deps;
    if (this.#damaged.length < mostDamaged && this.#bytes < mostFrames * maxBytes) return;
    const fitting = checksum === undefined ? [] : fittingChecksums(checksum, this.#damaged);
    logger.warn(
      "bytes come and make no frame: baud, data_bits, parity, framing or checksum are not those of the device; sluicegate dlq ls shows some",
      { source, ...(fitting.length > 0 && { "what fits": fitting.join(", ") }) },
    );
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#damaged = [];
  }
}
