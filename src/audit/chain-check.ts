/** Whether the lines of a log are those that were written: fed one after the other, the oldest first. */
import { type AuditLine, type ChainLink, parseAuditLine } from "./audit-entry.ts";
import type { FileLine } from "./audit-files.ts";
import { type ChainEnd, type ChainHead, cutText, hashOf } from "./chain.ts";

/** What is wrong at a place of a log. */
export interface ChainFault {
  /**
   * `changed`: another line stands where one was; `removed`: lines are gone between others or before
   * them; `added`: a line that was not written by this log; `cut`: the end is gone; `exchanged`: a file
   * of another log, or an older one, stands in the place of one; `head`: the file that says where the
   * log ends is gone or damaged.
   */
  readonly kind: "changed" | "removed" | "added" | "cut" | "exchanged" | "head";
  readonly file: string;
  /** Where it was seen; undefined where it is about a whole file. */
  readonly line: number | undefined;
  readonly text: string;
}

/** How an end that was kept elsewhere stands to the log: `older` than what is kept cannot be said. */
export type MarkState = "fits" | "older" | "broken";

/** Those that are told; the first one says where to look. */
const mostFaults = 20;

export class ChainCheck {
  readonly faults: ChainFault[] = [];
  /** All that there are, told or not. */
  faultCount = 0;
  entryCount = 0;
  /** From versions that did not chain them. */
  unchainedCount = 0;
  /** The last link that was seen, with the hash of its line. */
  end: ChainEnd | undefined;
  readonly #head: ChainHead | undefined;
  readonly #mark: ChainEnd | undefined;
  #first: number | undefined;
  #hasMark = false;
  /** The hash of the line before; undefined where a line is not to be held against it. */
  #previous: string | undefined;
  #before = { file: "", line: 0 };
  #strangers = "";

  /** `mark` is an end that somebody kept elsewhere. */
  constructor(head: ChainHead | undefined, mark: ChainEnd | undefined) {
    this.#head = head;
    this.#mark = mark;
  }

  take(file: string, { number, text }: FileLine): void {
    const line = parseAuditLine(text);
    if (!line) this.#takeUnreadable(file, number, text);
    else if (line.link) this.#takeLink(file, number, text, line.link);
    else this.#takeUnchained(file, number, text, line);
    this.#before = { file, line: number };
  }

  /** All lines were taken; `file` is the one that is written. */
  finish(file: string): void {
    const head = this.#head;
    if (!head && this.end)
      this.#fault("head", file, undefined, "the file that says where it ends is gone or damaged");
    if (head && head.seq > (this.end?.seq ?? 0))
      this.#fault("cut", file, undefined, cutText(this.end?.seq ?? 0, head.seq));
    const mark = this.#mark;
    if (mark && this.markState === "broken" && !this.#hasMark)
      this.#fault(
        mark.chain === this.end?.chain ? "cut" : "exchanged",
        file,
        undefined,
        `the marked entry, ${mark.seq} of ${mark.chain}, is gone`,
      );
  }

  get markState(): MarkState | undefined {
    if (!this.#mark) return undefined;
    if (this.#hasMark) return this.#isMarkRight ? "fits" : "broken";
    const { chain, seq } = this.#mark;
    return chain === this.end?.chain && seq < (this.#first ?? 1) ? "older" : "broken";
  }

  #isMarkRight = true;

  #takeUnreadable(file: string, number: number, text: string): void {
    if (this.end) this.end = { ...this.end, seq: this.end.seq + 1, hash: hashOf(text) };
    this.#previous = undefined;
    this.#fault("changed", file, number, "this line is no entry: it was changed, or is damaged");
  }

  #takeUnchained(file: string, number: number, text: string, { entry }: AuditLine): void {
    if (this.end) {
      this.#fault("added", file, number, `${entry.id} is not chained: it was put in`);
      return;
    }
    this.unchainedCount += 1;
    this.#previous = hashOf(text);
  }

  #takeLink(file: string, number: number, text: string, link: ChainLink): void {
    const chain = this.#head?.chain ?? this.end?.chain ?? link.chain;
    if (link.chain !== chain) {
      if (this.#strangers !== file)
        this.#fault("exchanged", file, number, `entries of another log, ${link.chain}, stand here`);
      this.#strangers = file;
      return;
    }
    this.entryCount += 1;
    this.#first ??= link.seq;
    this.#compareLink(file, number, link);
    const hash = hashOf(text);
    this.end = { chain, seq: link.seq, hash };
    this.#previous = hash;
    this.#compareEnds(file, number, this.end);
  }

  #compareLink(file: string, number: number, { previous, seq }: ChainLink): void {
    const expected = (this.end?.seq ?? this.#numberBefore(seq)) + 1;
    if (seq > expected) {
      const gone =
        seq - 1 === expected ? `entry ${expected} is` : `entries ${expected} to ${seq - 1} are`;
      this.#fault("removed", file, number, `${gone} missing before entry ${seq}`);
    } else if (seq < expected)
      this.#fault("added", file, number, `entry ${seq} stands where ${expected} belongs`);
    else if (this.#previous !== undefined && previous !== this.#previous)
      this.#fault(
        "changed",
        this.#before.file,
        this.#before.line,
        `this is not the line that entry ${seq} was written behind`,
      );
  }

  /** Of the entry before the first one that must be there. */
  #numberBefore(seq: number): number {
    const first = this.#head?.first ?? seq;
    return Math.min(seq, Math.max(1, first)) - 1;
  }

  #compareEnds(file: string, number: number, end: ChainEnd): void {
    if (this.#head?.seq === end.seq && this.#head.hash !== end.hash)
      this.#fault("changed", file, number, `this is not entry ${end.seq} as it was written`);
    const mark = this.#mark;
    if (mark?.seq !== end.seq || mark.chain !== end.chain) return;
    this.#hasMark = true;
    this.#isMarkRight = mark.hash === end.hash;
    if (!this.#isMarkRight)
      this.#fault("changed", file, number, `this is not entry ${end.seq} as it was marked`);
  }

  #fault(kind: ChainFault["kind"], file: string, line: number | undefined, text: string): void {
    this.faultCount += 1;
    if (this.faults.length < mostFaults) this.faults.push({ kind, file, line, text });
  }
}
