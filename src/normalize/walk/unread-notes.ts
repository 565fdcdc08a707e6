/** Takes down what nobody reads of the messages of one profile. */
import type { EpochMs } from "../../core/clock.ts";
import { isRecord, isScalar, maxDepth, type Scalar } from "../paths/path.ts";
import { isEmpty } from "../values/no-value.ts";
import type { Findings } from "./findings.ts";
import { pathBelow, type ReadNode } from "./read-tree.ts";

/** So many values that nobody reads are told of in one message. */
const mostUnread = 64;
/** Lists and objects that nobody reads, of which so many are kept at hand. */
const mostPlaces = 256;

export class UnreadNotes {
  /** Of the message that is walked. */
  count = 0;
  readonly #profile: string;
  readonly #findings: Findings;
  /** So many more places that nobody reads may be kept at hand. */
  #spare = mostPlaces;
  #nowMs: EpochMs = 0;

  constructor(profile: string, findings: Findings) {
    this.#profile = profile;
    this.#findings = findings;
  }

  /** Another message begins. */
  start(nowMs: EpochMs): void {
    this.count = 0;
    this.#nowMs = nowMs;
  }

  /**
   * Notes what stands below a key of a place that no path goes on from; `depth` counts from where the
   * last one ended. What was met before costs no text.
   */
  noteBelow(node: ReadNode, key: string, value: unknown, depth = 0): void {
    if (isRecord(value)) this.#noteAll(this.#unreadBelow(node, key), value, depth + 1);
    else if (isScalar(value)) {
      this.count += 1;
      const known = node.entries?.get(key);
      if (known === undefined && this.count > mostUnread) return;
      const entry = known ?? this.#findings.entry(this.#profile, pathBelow(node.path, key), value);
      entry.count += 1;
      entry.lastMs = this.#nowMs;
      if (known === undefined) node.keep(key, entry);
    }
  }

  note(path: string, value: Scalar): void {
    this.count += 1;
    this.#findings.note(this.#profile, path, value, this.#nowMs);
  }

  #unreadBelow(node: ReadNode, key: string): ReadNode {
    const known = node.unreadBelow(key);
    if (known !== undefined) return known;
    if (this.#spare > 0) this.#spare -= 1;
    return node.addUnread(key, this.#spare > 0);
  }

  #noteAll(node: ReadNode, value: Readonly<Record<string, unknown>>, depth: number): void {
    if (depth > maxDepth) {
      if (!isEmpty(value)) this.note(pathBelow(node.path, "**"), "");
      return;
    }
    const isList = Array.isArray(value);
    for (const key in value) {
      if (this.count >= mostUnread) return;
      this.noteBelow(node, isList ? "*" : key, value[key], depth);
    }
  }
}
