/**
 * Records that wait for the same disk sync, already in the form they have on disk.
 *
 * Frames are written straight into one buffer that grows and is used again; nothing is allocated per
 * record. Checksums are left out until the batch is written, since they depend on the segment, and so
 * does what encrypts them: that is done in a copy, since a batch may have to move to another segment.
 */
import { eventKinds } from "../core/event-kind.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import type { Seal } from "./encryption/seal.ts";
import {
  frameBytes,
  frameHeaderBytes,
  rankOf,
  sealFrames,
  tagBytes,
  writeFrame,
} from "./format/frame.ts";
import {
  deliveryBytes,
  identityBytes,
  payloadPrefixBytes,
  writePayloadHead,
} from "./format/payload.ts";
import { Tally } from "./format/tally.ts";

const firstCapacityBytes = 64 * 1024;

export class Batch {
  readonly #isEncrypted: boolean;
  #buffer = Buffer.allocUnsafe(firstCapacityBytes);
  /** Of the same bytes. */
  #view = viewOf(this.#buffer);
  #bytes = 0;
  #tally = new Tally();
  #copy = Buffer.alloc(0);
  #written = Buffer.alloc(0);

  /** `isEncrypted`: what it is written to encrypts its records. */
  constructor(isEncrypted = false) {
    this.#isEncrypted = isEncrypted;
  }

  /** The memory the frames stand in; only the first `bytes` of it are in use. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get tally(): Tally {
    return this.#tally;
  }

  /** What was given to be written last. */
  get written(): Buffer {
    return this.#written;
  }

  /** The frames as they stand in a segment with this seed and seal. */
  seal(seed: number, seal: Seal | undefined): Buffer {
    this.#written = this.#buffer.subarray(0, this.#bytes);
    if (seal?.cipher) {
      if (this.#copy.length < this.#bytes) this.#copy = Buffer.allocUnsafe(this.#buffer.length);
      this.#buffer.copy(this.#copy, 0, 0, this.#bytes);
      this.#written = this.#copy.subarray(0, this.#bytes);
      seal.cipher.close(this.#copy, 0, this.#bytes);
    }
    sealFrames(this.#written, 0, this.#bytes, seed);
    return this.#written;
  }

  /** `text` is the whole event. */
  add(seq: number, appendedMs: number, draft: RecordDraft, text: string): void {
    const { delivery, deviceToken: token, identity, kind, recordClass } = draft;
    const rank = rankOf(recordClass);
    const headBytes =
      payloadPrefixBytes +
      token.length +
      (identity ? identityBytes : 0) +
      (delivery ? deliveryBytes : 0);
    this.#makeRoom(headBytes, text);
    const at = this.#bytes;
    const payloadAt = at + frameHeaderBytes;
    const bodyAt = writePayloadHead(this.#buffer, this.#view, payloadAt, token, identity, delivery);
    const payloadBytes = bodyAt - payloadAt + this.#buffer.write(text, bodyAt);
    const isEncrypted = this.#isEncrypted;
    const code = eventKinds[kind].code;
    writeFrame(this.#view, at, payloadBytes, code, rank, seq, appendedMs, isEncrypted);
    const size = frameBytes(payloadBytes + (isEncrypted ? tagBytes : 0));
    this.#bytes += size;
    this.#tally.add(seq, appendedMs, rank, size);
  }

  /** Empties the batch for its next use; the memory stays. */
  reset(): void {
    this.#bytes = 0;
    this.#tally = new Tally();
  }

  #makeRoom(headBytes: number, text: string): void {
    const free = this.#buffer.length - this.#bytes;
    if (frameBytes(headBytes + text.length * 3 + tagBytes) <= free) return;
    const needed = frameBytes(headBytes + Buffer.byteLength(text) + tagBytes);
    if (needed <= free) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#bytes + needed));
    this.#buffer.copy(grown, 0, 0, this.#bytes);
    this.#buffer = grown;
    this.#view = viewOf(grown);
  }
}

function viewOf({ buffer, byteLength, byteOffset }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
