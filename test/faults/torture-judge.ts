/** The judge of long runs: it keeps numbers and never a body, so that a stream may be of any size. */
import type { GapRange } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createProof, numberOf, type Verdict } from "../../src/simulate/proof.ts";
import { compareLosses, type DeclaredLosses } from "./declared-losses.ts";

export interface TortureVerdict {
  readonly devices: Verdict;
  readonly losses: DeclaredLosses;
  readonly rejections: number;
}

export class TortureJudge {
  readonly #proof = createProof();
  readonly #decoder = new TextDecoder();
  readonly #missing: number[] = [];
  readonly #ranges: GapRange[] = [];
  #seq = 0;
  #rejections = 0;

  /** A device got the PUBACK for its number. */
  acked(device: string, n: number): void {
    this.#proof.sent(device, n);
  }

  /** The next message of the whole stream. Throws for what is no event. */
  stored(body: Uint8Array): void {
    const event = decodeEvent(this.#decoder.decode(body));
    if (isMalformed(event)) throw new Error(event.malformed);
    for (let seq = this.#seq + 1; seq < event.position.seq; seq += 1) this.#missing.push(seq);
    this.#seq = Math.max(this.#seq, event.position.seq);
    if (event.kind === "gap") this.#ranges.push(...event.data.ranges);
    if (event.kind === "rejection") this.#rejections += 1;
    const numbered = numberOf(event);
    if (numbered) this.#proof.stored(numbered.device, numbered.n);
  }

  verdict(): TortureVerdict {
    const losses = compareLosses(this.#missing, this.#ranges);
    return { devices: this.#proof.verdict(), losses, rejections: this.#rejections };
  }
}
