/** Takes down what nobody reads of the messages of one profile. */
import type { EpochMs } from "../core/clock.ts";
import type { Finding, Findings } from "./findings.ts";
import { isEmpty } from "./no-value.ts";
import { isRecord, isScalar, maxDepth, type Scalar } from "./path.ts";
import { pathBelow, type ReadNode } from "./read-tree.ts";

/** So many values that nobody reads are told of in one message. */
const mostUnread = 64;
/** Places whose entries are kept at hand for each place above them. */
const mostKnown = 256;

export class UnreadNotes {
  /** Of the message that is walked. */
  count = 0;
  readonly #profile: string;
  readonly #findings: Findings;
  /** Entries that were met before, so that what is met again costs no text. */
  readonly #known = new WeakMap<ReadNode, Map<string, Finding>>();
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

  /** Notes what stands below a key of a place that no path goes on from. */
  noteBelow(node: ReadNode, key: string, value: unknown): void {
    if (isRecord(value)) {
      this.#noteAll(pathBelow(node.path, key), value, 1);
      return;
    }
    if (!isScalar(value)) return;
    this.count += 1;
    const known = this.#known.get(node);
    const before = known?.get(key);
    const entry = before ?? this.#findings.entry(this.#profile, pathBelow(node.path, key), value);
    entry.count += 1;
    entry.lastMs = this.#nowMs;
    if (known === undefined) this.#known.set(node, new Map([[key, entry]]));
    else if (before === undefined && known.size < mostKnown) known.set(key, entry);
  }

  #noteAll(path: string, value: Readonly<Record<string, unknown>>, depth: number): void {
    const isList = Array.isArray(value);
    for (const key in value) {
      if (this.count >= mostUnread) return;
      const below = value[key];
      const place = pathBelow(path, isList ? "*" : key);
      if (isScalar(below)) this.note(place, below);
      else if (!isRecord(below)) continue;
      else if (depth < maxDepth) this.#noteAll(place, below, depth + 1);
      else if (!isEmpty(below)) this.note(pathBelow(place, "**"), "");
    }
  }

  note(path: string, value: Scalar): void {
    this.count += 1;
    this.#findings.note(this.#profile, path === "" ? "$" : path, value, this.#nowMs);
  }
}
