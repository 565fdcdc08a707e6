import { createHash } from "node:crypto";
import { type KeyRing, noKeys } from "../../../src/buffer/encryption/key-ring.ts";
import { judge } from "../../support/ledger.ts";
import { readLog } from "./read-log.ts";

export interface LogVerdict {
  readonly acked: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Records that the log itself found missing. */
  readonly declaredLost: number;
  /** What else is wrong, for people. */
  readonly faults: readonly string[];
}

/**
 * Judges a log folder as it was found after each of several crashes: every acknowledged number is
 * there, once and in order, and no seq that was there before has got another content.
 */
export class LogJudge {
  readonly #contents = new Map<number, string>();
  readonly #faults: string[] = [];
  #verdict: LogVerdict = {
    acked: 0,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    declaredLost: 0,
    faults: this.#faults,
  };
  readonly #keys: KeyRing;

  /** `keys` are those of the folder. */
  constructor(keys: KeyRing = noKeys) {
    this.#keys = keys;
  }

  /** Of the crashes so far; losses stay in it, since what is lost does not come back. */
  get verdict(): LogVerdict {
    return this.#verdict;
  }

  /** Opens the folder as a gateway would: it is changed by that. */
  async judge(
    folder: string,
    acked: Iterable<readonly [device: string, n: number]>,
  ): Promise<void> {
    const { declaredLost, records } = await readLog(folder, this.#keys);
    let previous = 0;
    for (const { body, seq } of records) {
      if (seq <= previous) this.#faults.push(`seq ${seq} stands behind ${previous}`);
      previous = seq;
      const content = createHash("sha1").update(body).digest("base64");
      const known = this.#contents.get(seq);
      if (known === undefined) this.#contents.set(seq, content);
      else if (known !== content) this.#faults.push(`seq ${seq} was used again`);
    }
    const found = judge(
      acked,
      records.map(({ body }) => body),
    );
    this.#faults.push(...found.examples);
    this.#verdict = {
      acked: Math.max(this.#verdict.acked, found.acked),
      lost: Math.max(this.#verdict.lost, found.lost),
      duplicated: Math.max(this.#verdict.duplicated, found.duplicated),
      reordered: Math.max(this.#verdict.reordered, found.reordered),
      declaredLost: Math.max(this.#verdict.declaredLost, declaredLost),
      faults: this.#faults,
    };
  }
}
